import { money } from '../formats.ts'
import { named } from '../language.ts'
import { booking as words } from '../words/booking.ts'
import type { CancellationQuote } from './cancel-booking.tsx'
import type { Booking } from './use-booking.ts'

type Props = { rules: CancellationQuote['rules']; booking: Booking }

/** By flight, every rule that could apply, what it keeps, and which one does apply. */
export const RuleList = ({ rules, booking: { slices, currency } }: Props) => {
  const { quote: said } = words()
  if (rules.length === 0) return null
  const byFlight = [...Map.groupBy(rules, ({ flight_id }) => flight_id)]
  return (
    <>
      <h3>{said.rules}</h3>
      <p class="hint">{said.rulesHow}</p>
      {byFlight.map(([flight_id, own]) => (
        <section key={flight_id} class="rules">
          <h4>{titleOf(slices.find((slice) => slice.flight_id === flight_id))}</h4>
          <ul>
            {own.map((rule) => (
              <li key={rule.code} class={rule.applied ? 'applied' : ''}>
                <span>{named(rule)}</span>
                <span>
                  {said.ruleKeeps} <strong>{money({ amount: rule.retained, currency })}</strong>
                </span>
                {rule.applied && <span class="badge good">{said.applied}</span>}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

const titleOf = (slice: Booking['slices'][number] | undefined) =>
  slice ? `${slice.flight_number}: ${slice.origin} → ${slice.destination}` : ''
