import { signOut, useAccount } from '../account.ts'
import { language, speak } from '../language.ts'
import { useSignal } from '../signal.ts'
import { frame } from '../words/frame.ts'

export const Header = () => {
  const spoken = useSignal(language)
  const account = useAccount()
  const said = frame()
  return (
    <header class="frame">
      <a class="skip" href="#content">
        {said.skip}
      </a>
      <a class="brand" href="/">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M14 2 5 14h6l-1 8 9-12h-6z" />
        </svg>
        AeroFlash
      </a>
      <nav aria-label={said.menu}>
        <a href="/flight-status">{said.status}</a>
        <a href={account ? '/trips' : '/booking'}>{account ? said.trips : said.booking}</a>
        {account ? (
          <button type="button" class="plain" onClick={() => void signOut()}>
            {said.signOut}
          </button>
        ) : (
          <a href="/sign-in">{said.signIn}</a>
        )}
      </nav>
      <button
        type="button"
        class="plain"
        lang={spoken === 'es' ? 'en' : 'es'}
        onClick={() => speak(spoken === 'es' ? 'en' : 'es')}
      >
        {said.language}
      </button>
    </header>
  )
}

export const Footer = () => {
  useSignal(language)
  const said = frame()
  return (
    <footer class="frame">
      <p>{said.foot}</p>
      <a href="/api/docs" target="_self">
        {said.docs}
      </a>
    </footer>
  )
}
