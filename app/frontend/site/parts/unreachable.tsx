import { language, words } from '../language.ts'
import { useSignal } from '../signal.ts'
import { Alert } from './alert.tsx'

const said = words({
  es: {
    title: 'No pudimos abrir esta página',
    how: 'Revisa tu conexión y vuelve a intentarlo. Lo que llevabas sigue guardado.',
    again: 'Volver a intentar',
  },
  en: {
    title: 'We could not open this page',
    how: 'Check your connection and try again. What you had put together is kept.',
    again: 'Try again',
  },
})

/** In place of a page whose script does not come, not even when the site is opened anew. */
export const Unreachable = () => {
  useSignal(language)
  const { title, how, again } = said()
  return (
    <>
      <h1>{title}</h1>
      <Alert>
        <p>{how}</p>
        <button type="button" onClick={() => location.reload()}>
          {again}
        </button>
      </Alert>
    </>
  )
}
