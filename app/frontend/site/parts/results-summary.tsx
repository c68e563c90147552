import { day, money, timeAt } from '../formats.ts'
import type { Party } from '../trip.ts'
import { results } from '../words/results.ts'
import type { Shown } from './results-live.ts'
import { estimate, useShares } from './results-prices.ts'

type Props = {
  there: Shown | undefined
  /** Only of a journey with a return. */
  back: { flight: Shown | undefined } | undefined
  party: Party
  onContinue: () => void
}

/** What is chosen so far and about what it costs, always in view. */
export const ResultsSummary = ({ there, back, party, onContinue }: Props) => {
  const said = results()
  const shares = useShares()
  const flights = [there, back?.flight].flatMap((flight) => flight ?? [])
  return (
    <section class="chosen-bar" aria-label={said.yours}>
      <dl>
        <dt>{said.there}</dt>
        <dd>{there ? when(there) : said.none}</dd>
        {back && <dt>{said.back}</dt>}
        {back && <dd>{back.flight ? when(back.flight) : said.none}</dd>}
      </dl>
      <p class="bar-sum" aria-live="polite">
        {flights.length > 0 && shares && (
          <>
            <small>{said.from}</small>
            <strong>{money(estimate(flights, party, shares))}</strong>
          </>
        )}
      </p>
      <button type="button" onClick={onContinue}>
        {said.go}
      </button>
      <small class="bar-note">{said.beforeTaxes}</small>
    </section>
  )
}

const when = ({ departure_date, departs_at, from }: Shown) =>
  `${day(departure_date)} · ${timeAt(departs_at, from.time_zone)}`
