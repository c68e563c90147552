import type { InferResponseType } from 'hono/client'
import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { useAccount } from '../account.ts'
import { Refusal, api, ask } from '../api.ts'
import { dateAt, day, money } from '../formats.ts'
import { language } from '../language.ts'
import { comingBackTo } from '../next-page.ts'
import { Alert } from '../parts/alert.tsx'
import { useAirportNames } from '../parts/booking-summary.tsx'
import { StatusBadge } from '../parts/status-badge.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useSignal } from '../signal.ts'
import { sentenceFor } from '../words/problems.ts'
import { trips } from '../words/trips.ts'
import '../style/booking.css'
import '../style/trips.css'

type Page = InferResponseType<typeof api.bookings.$get, 200>
type Listed = Page['bookings'][number]

const PAGE = '10'

export const Trips = () => {
  useSignal(language)
  const said = trips()
  useTitle(said.title)
  const { route } = useLocation()
  const account = useAccount()
  const { pages, error, busy, load } = usePages(account?.id)
  const isOut = account === null || (error instanceof Refusal && error.kind === 'unauthenticated')
  useEffect(() => {
    if (isOut) route(comingBackTo('/sign-in', '/trips'), true)
  }, [isOut])

  const listed = pages.flatMap(({ bookings }) => bookings)
  const next = pages.at(-1)?.meta.after
  return (
    <>
      <h1>{said.title}</h1>
      {pages.length === 0 && error === undefined && (
        <p class="card loading" role="status">
          {said.loading}
        </p>
      )}
      {pages.length > 0 && listed.length === 0 && <NoTrips />}
      <ul class="trips">
        {listed.map((booking) => (
          <Trip key={booking.id} booking={booking} />
        ))}
      </ul>
      {error !== undefined && <Alert>{sentenceFor(error)}</Alert>}
      {(next || error !== undefined) && (
        <button type="button" class="second" aria-busy={busy} onClick={() => void load(next)}>
          {error === undefined ? said.more : said.again}
        </button>
      )}
    </>
  )
}

/** The pages read so far, newest bookings first. */
const usePages = (account_id: string | undefined) => {
  const [pages, set] = useState<Page[]>([])
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const load = async (after?: string | null) => {
    if (busy) return
    setBusy(true)
    setError(undefined)
    const query = { limit: PAGE, ...(after && { after }) }
    await ask(api.bookings.$get({ query })).then((page) => set((all) => [...all, page]), setError)
    setBusy(false)
  }
  useEffect(() => {
    set([])
    if (account_id) void load()
  }, [account_id])
  return { pages, error, busy, load }
}

const Trip = ({ booking }: { booking: Listed }) => {
  const said = trips()
  const { cityOf, zoneOf } = useAirportNames()
  const slices = booking.slices.toSorted((a, b) => (a.departs_at < b.departs_at ? -1 : 1))
  const [first] = slices
  return (
    <li>
      <a class="card" href={`/booking/${booking.id}`}>
        <strong class="route-name">
          {first ? `${cityOf(first.origin)} → ${cityOf(first.destination)}` : said.noFlights}
        </strong>
        <StatusBadge status={booking.status} />
        {slices.map((slice) => (
          <span key={slice.flight_id} class="flown">
            {day(dateAt(slice.departs_at, zoneOf(slice.origin)))} · {slice.flight_number}{' '}
            {slice.origin}–{slice.destination}
          </span>
        ))}
        <small>
          {booking.booking_reference} ·{' '}
          {said.placed(day(dateAt(booking.placed_at, 'America/Bogota')))}
        </small>
        <strong class="sum">{money(booking.total)}</strong>
      </a>
    </li>
  )
}

const NoTrips = () => {
  const said = trips()
  return (
    <section class="card">
      <h2>{said.none}</h2>
      <p>{said.noneHow}</p>
      <p class="row">
        <a class="button" href="/">
          {said.search}
        </a>
        <a class="button second" href="/booking">
          {said.other}
        </a>
      </p>
    </section>
  )
}
