import type { InferResponseType } from 'hono/client'
import { useEffect, useState } from 'preact/hooks'
import { api, ask, bearer } from '../api.ts'
import { tokenOf } from '../trip.ts'

export type Booking = InferResponseType<(typeof api.bookings)[':id']['$get'], 200>

export const readBooking = (id: string): Promise<Booking> =>
  ask(api.bookings[':id'].$get({ param: { id } }, { headers: bearer(tokenOf(id)) }))

const LOOK_AGAIN_MS = 2_000

export const isProcessing = ({ payments }: Booking) =>
  payments.some(({ status }) => status === 'processing')

/** Money is on its way, there or back: the booking will change without us. */
const isUnsettled = (booking: Booking) =>
  isProcessing(booking) || booking.refunds.some(({ status }) => status === 'requested')

type State = { booking?: Booking; error?: unknown }

/** A booking as it stands; while money moves it is read again until it has arrived. */
export const useBooking = (id: string) => {
  const [state, set] = useState<State>({})
  const reload = async () => {
    try {
      const booking = await readBooking(id)
      set({ booking })
      return booking
    } catch (error) {
      set((known) => (known.booking?.id === id ? { booking: known.booking, error } : { error }))
      return undefined
    }
  }
  useEffect(() => void reload(), [id])
  useEffect(() => {
    if (!state.booking || !isUnsettled(state.booking)) return undefined
    const timer = setTimeout(() => void reload(), LOOK_AGAIN_MS)
    return () => clearTimeout(timer)
  }, [state])
  const isOther = state.booking !== undefined && state.booking.id !== id
  return { ...(isOther ? {} : state), reload }
}
