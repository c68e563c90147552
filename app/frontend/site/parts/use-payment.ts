import { useRef, useState } from 'preact/hooks'
import { Refusal, api, ask, keyed, newKey } from '../api.ts'
import { changeTrip, readTrip, tokenOf } from '../trip.ts'
import { isUnclear, untilClear } from '../until-clear.ts'
import type { DemoCard } from './card-choice.tsx'

// What the booking itself tells better, once it is read again.
const toldByBooking = new Set(['payment-declined', 'payment-pending', 'booking-state-conflict'])

const forgetKey = () => changeTrip({ payment_key: undefined, payment_card: undefined })

/** The key of this payment, kept before it is sent: a double click or a reload sends the same one. */
const keyFor = (card: DemoCard) => {
  const { payment_key, payment_card } = readTrip()
  if (payment_key && payment_card === card) return payment_key
  const key = newKey()
  changeTrip({ payment_key: key, payment_card: card })
  return key
}

const send = (id: string, card: DemoCard) =>
  ask(
    api.bookings[':id'].payments.$post(
      { header: {}, param: { id }, json: { method: { type: 'card', token: card } } },
      keyed(keyFor(card), tokenOf(id)),
    ),
  )

/**
 * Pays a booking. What became of it is read from the booking (`onAnswer`); `trouble` is what keeps the
 * answer away while it is `busy`, or why there was none.
 */
export const usePayment = (id: string, onAnswer: () => Promise<unknown>) => {
  const underWay = useRef(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()

  const settle = async (card: DemoCard) => {
    try {
      await untilClear(() => send(id, card), setTrouble)
      forgetKey()
      setTrouble(undefined)
    } catch (error) {
      // Without a clear answer the key stays: trying again is the same payment.
      if (!isUnclear(error)) forgetKey()
      const isTold = error instanceof Refusal && toldByBooking.has(error.kind)
      setTrouble(isTold ? undefined : error)
    }
  }

  const pay = async (card: DemoCard) => {
    if (underWay.current) return
    underWay.current = true
    setBusy(true)
    setTrouble(undefined)
    await settle(card)
    await onAnswer()
    underWay.current = false
    setBusy(false)
  }
  return { pay, busy, trouble }
}
