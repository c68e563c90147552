import { bookingParts } from '../words/booking-parts.ts'
import { sentenceFor } from '../words/problems.ts'
import { Alert } from './alert.tsx'

type Props = { title: string; error: unknown; onAgain: () => unknown }

/** In place of a booking: it is being read, or why it cannot be and what to do. */
export const BookingTrouble = ({ title, error, onAgain }: Props) => {
  const said = bookingParts()
  if (error === undefined)
    return (
      <>
        <h1>{title}</h1>
        <p class="card loading" role="status">
          {said.loading}
        </p>
      </>
    )
  return (
    <>
      <h1>{title}</h1>
      <Alert>{sentenceFor(error)}</Alert>
      <p class="row">
        <button type="button" onClick={() => onAgain()}>
          {said.again}
        </button>
        <a class="button second" href="/booking">
          {said.openOther}
        </a>
      </p>
    </>
  )
}
