const AGAIN_MS = 4_000
const chosen =
  /(?:^|; )language=(es|en)/.exec(document.cookie)?.[1] ?? navigator.language.slice(0, 2)
const language = chosen === 'en' ? 'en' : 'es'

document.documentElement.lang = language
for (const section of document.querySelectorAll('section'))
  section.hidden = section.lang !== language
const shown = document.querySelector(`section[lang=${language}]`)
document.title = `${shown.querySelector('h1').textContent} · AeroFlash`

// What was asked for stands in the address still; who opened this page by its own goes home.
const goOn = () =>
  location.pathname === '/offline.html' ? location.replace('/') : location.reload()

const tryAgain = async () => {
  const answer = await fetch('/robots.txt', { method: 'HEAD', cache: 'no-store' }).catch(() => null)
  if (answer) goOn()
  return Boolean(answer)
}

shown.querySelector('button').addEventListener('click', async () => {
  const isBack = await tryAgain()
  shown.querySelector('[role=status]').hidden = isBack
})
addEventListener('online', tryAgain)
setInterval(tryAgain, AGAIN_MS)
