import { useLocation } from 'preact-iso'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal } from '../api.ts'
import { money } from '../formats.ts'
import { changeTrip, readTrip } from '../trip.ts'
import { passengersWords } from '../words/passengers.ts'
import { sentenceFor } from '../words/problems.ts'
import { release } from './holds.ts'
import type { Errors } from './person-rules.ts'
import { forgetOffer, needsNewOffer, placeBooking } from './place-booking.ts'
import type { Offer } from './use-offer.ts'

/** What to say, and where it can be mended. */
export type News = { text: string; to?: 'seats' | 'results' | 'again' }

const fieldOf = (pointer: string) =>
  pointer
    .replace(/^\/passengers\/(\d+)\/document\/\w+$/, '$1.document_number')
    .replace(/^\/passengers\/(\d+)\/(\w+)$/, '$1.$2')
    .replace(/^\/contact\/(\w+)$/, 'contact.$1')
    .replace(/^\/(pets|promotion_code)$/, '$1')

/** A refusal at its place: beside a field where it is about one, else as news. */
const heed = (error: unknown): { errors: Errors; news?: News } => {
  const said = passengersWords()
  const kind = error instanceof Refusal ? error.kind : 'internal'
  const problem = error instanceof Refusal ? error.problem : undefined
  const text = sentenceFor(error)
  if (kind === 'hold-expired') {
    changeTrip({ holds: [] })
    return { errors: {}, news: { text: said.ended, to: 'seats' } }
  }
  if (kind === 'capacity-pets') return { errors: { pets: said.petsFull(0) } }
  if (kind === 'capacity-infants')
    return { errors: {}, news: { text: said.infantsFull, to: 'results' } }
  if (kind === 'sold-out' || kind === 'flight-closed')
    return { errors: {}, news: { text, to: 'results' } }
  const known = problem?.errors ?? []
  if (known.some(({ code }) => code === 'more_seats_than_passengers')) {
    void release(readTrip().holds)
    return { errors: {}, news: { text: said.tooManySeats, to: 'seats' } }
  }
  const errors = Object.fromEntries(
    known
      .map(({ pointer, code, detail }) => [
        fieldOf(pointer),
        code === 'unknown_promotion'
          ? said.promotionUnknown
          : code === 'one_pet_an_adult'
            ? said.petsAdults
            : detail,
      ])
      .filter(([field]) => !field!.startsWith('/')),
  ) as Errors
  return Object.keys(errors).length > 0 ? { errors } : { errors: {}, news: { text, to: 'again' } }
}

type Priced = { offer: Offer | undefined; failure: unknown; load: () => Promise<Offer> }

/** Books with the price in view, and says what stands in the way. */
export const usePlacing = ({ offer, failure, load }: Priced) => {
  const { route } = useLocation()
  const underWay = useRef(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Errors>({})
  const [news, tell] = useState<News | undefined>()

  const trouble = (error: unknown) => {
    const { errors, news } = heed(error)
    setRefused(errors)
    tell(news)
  }
  useEffect(() => {
    if (failure !== undefined) trouble(failure)
    // Bad news of a price that has come meanwhile is old news.
    else if (news?.to === 'again') tell(undefined)
  }, [failure, offer])

  const attempt = async (left: number): Promise<void> => {
    const { booking, booking_key } = readTrip()
    if (booking && booking_key) return route('/payment')
    const now = await load()
    if (offer && now.total.amount !== offer.total.amount)
      return tell({ text: passengersWords().changed(money(offer.total), money(now.total)) })
    try {
      await placeBooking(now)
      route('/payment')
    } catch (error) {
      if (!needsNewOffer(error) || left === 0) throw error
      forgetOffer()
      return attempt(left - 1)
    }
  }
  const place = async () => {
    if (underWay.current) return
    underWay.current = true
    setBusy(true)
    tell(undefined)
    try {
      await attempt(2)
    } catch (error) {
      trouble(error)
    } finally {
      underWay.current = false
      setBusy(false)
    }
  }
  const mended = (field: string) =>
    setRefused((errors) =>
      Object.fromEntries(Object.entries(errors).filter(([known]) => known !== field)),
    )

  return { place, busy, refused, mended, news, tell }
}
