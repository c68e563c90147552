import { language } from '../language.ts'
import { useTitle } from '../parts/use-title.ts'
import { useSignal } from '../signal.ts'
import { notFound } from '../words/not-found.ts'
import '../style/not-found.css'

export const NotFound = () => {
  useSignal(language)
  const said = notFound()
  useTitle(said.title)
  return (
    <>
      <h1>{said.title}</h1>
      <p>{said.lead}</p>
      <ul class="ways-out">
        {said.ways.map(({ href, name, hint }) => (
          <li key={href}>
            <a class="card" href={href}>
              <strong>{name}</strong>
              <small>{hint}</small>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
