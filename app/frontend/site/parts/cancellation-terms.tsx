import { money, timeAt } from '../formats.ts'
import { booking as words } from '../words/booking.ts'
import type { CancellationQuote } from './cancel-booking.tsx'
import { PriceDetails } from './price-details.tsx'
import { RuleList } from './rule-list.tsx'
import type { Booking } from './use-booking.ts'

type Props = { quote: CancellationQuote; booking: Booking }

/** What was paid, kept and given back, with every line and every rule that was looked at. */
export const CancellationTerms = ({ quote, booking }: Props) => {
  const { quote: said } = words()
  const { refund, lines, rules, expires_at } = quote
  const until = timeAt(expires_at, Intl.DateTimeFormat().resolvedOptions().timeZone)
  if (booking.confirmed_at === null)
    return (
      <>
        <h2>{said.heading}</h2>
        <p>{said.nothingPaid}</p>
      </>
    )
  // Seen by the person: what comes back counts up, what is kept counts down.
  const coming = lines.map((line) => ({ ...line, amount: line.amount === 0 ? 0 : -line.amount }))
  const kept = { ...refund, amount: booking.total.amount - refund.amount }
  return (
    <>
      <h2>{said.heading}</h2>
      <dl class="sums">
        <Sum label={said.paid} value={money(booking.total)} />
        <Sum label={said.kept} value={money(kept)} />
        <Sum label={said.back} value={money(refund)} isMain />
      </dl>
      <div class="coming">
        <PriceDetails title={said.lines} lines={coming} total={refund} />
      </div>
      <RuleList rules={rules} booking={booking} />
      <p class="hint">{said.until(until)}</p>
    </>
  )
}

const Sum = ({ label, value, isMain }: { label: string; value: string; isMain?: boolean }) => (
  <div class={isMain ? 'main' : ''}>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
)
