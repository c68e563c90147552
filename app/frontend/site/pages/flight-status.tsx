import { useLocation } from 'preact-iso'
import { language } from '../language.ts'
import { StatusBoard } from '../parts/status-board.tsx'
import { StatusForm, StatusList, plainNumber } from '../parts/status-find.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useSignal } from '../signal.ts'
import { readTrip } from '../trip.ts'
import { flightStatus } from '../words/flight-status.ts'
import '../style/flight-status.css'

export const FlightStatus = () => {
  useSignal(language)
  const said = flightStatus()
  const { query } = useLocation()
  useTitle(said.title)
  return (
    <>
      <h1>{said.title}</h1>
      {query.flight ? (
        <>
          <StatusBoard key={query.flight} id={query.flight} />
          <a href="/flight-status">{said.another}</a>
        </>
      ) : (
        <Find query={query} />
      )}
    </>
  )
}

const Find = ({ query }: { query: Record<string, string> }) => {
  // What one has booked or looked for is what one most likely asks about.
  const { search } = readTrip()
  const asked = {
    number: plainNumber(query.number ?? ''),
    origin: query.origin ?? search?.origin ?? 'BOG',
    destination: query.destination ?? search?.destination ?? '',
    date: query.date ?? '',
  }
  const isAsked = (query.number || (query.origin && query.destination)) && query.date
  return (
    <>
      <p>{flightStatus().lead}</p>
      <StatusForm key={Object.values(asked).join()} asked={asked} />
      {isAsked && <StatusList asked={asked} />}
    </>
  )
}
