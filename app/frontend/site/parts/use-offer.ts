import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { api, ask, keyed, newKey } from '../api.ts'
import { changeTrip, readTrip } from '../trip.ts'
import type { Cabin } from '../trip.ts'

export type OfferRequest = {
  slices: { flight_id: string; cabin: Cabin }[]
  passengers: { born_on: string; resident_of?: string }[]
  pets: number
  promotion_code?: string
  seat_hold_ids: string[]
}

const QUIET_MS = 350
/** An offer that ends while it is being booked is of no use. */
const TOO_LATE_MS = 5_000

const askOffer = (json: OfferRequest) =>
  ask(api.offers.$post({ header: {}, json }, keyed(keyFor(JSON.stringify(json)))))

export type Offer = Awaited<ReturnType<typeof askOffer>>

// The same content has the same key: after a reload it is the same offer, not another one.
const keyFor = (content: string) => {
  const { offer_request } = readTrip()
  if (offer_request?.content === content) return offer_request.key
  const key = newKey()
  changeTrip({ offer_request: { content, key } })
  return key
}

const isLate = ({ expires_at }: Offer) => Date.parse(expires_at) < Date.now() + TOO_LATE_MS

const freshOffer = async (request: OfferRequest) => {
  const offer = await askOffer(request)
  if (!isLate(offer)) return offer
  changeTrip({ offer_request: undefined })
  return askOffer(request)
}

/** The price of what is asked for now; the one before stays in view until the next is known. */
export const useOffer = (request: OfferRequest | undefined) => {
  const content = request && JSON.stringify(request)
  const latest = useRef(content)
  latest.current = content
  const [offer, setOffer] = useState<Offer | undefined>()
  const [failure, setFailure] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  const load = useCallback(async () => {
    if (!content) throw new Error('Nothing is asked for yet.')
    setBusy(true)
    try {
      const fresh = await freshOffer(JSON.parse(content) as OfferRequest)
      if (latest.current === content) {
        setOffer(fresh)
        setFailure(undefined)
      }
      return fresh
    } finally {
      if (latest.current === content) setBusy(false)
    }
  }, [content])

  useEffect(() => {
    if (!content) return
    setFailure(undefined)
    const timer = setTimeout(
      () =>
        void load().catch((error: unknown) => {
          if (latest.current === content) setFailure(error)
        }),
      offer ? QUIET_MS : 0,
    )
    return () => clearTimeout(timer)
  }, [content])

  useEffect(() => {
    if (!offer) return
    const left = Date.parse(offer.expires_at) - Date.now() - TOO_LATE_MS
    const timer = setTimeout(() => void load().catch(setFailure), Math.max(0, left) + 100)
    return () => clearTimeout(timer)
  }, [offer])

  const again = () => void load().catch(setFailure)

  return { offer, failure, busy, load, again }
}
