import { money } from '../formats.ts'
import { change } from '../words/change.ts'
import { PriceDetails } from './price-details.tsx'
import type { ChangeQuote } from './quote-change.ts'
import { RuleList } from './rule-list.tsx'
import type { Booking } from './use-booking.ts'

type Line = ChangeQuote['lines'][number]

const sumOf = (lines: Line[]) => lines.reduce((sum, { amount }) => sum + amount, 0)

/** What the new flight costs, what the old one gives back, what is kept, and what is left to move. */
export const ChangeSums = ({ quote, booking }: { quote: ChangeQuote; booking: Booking }) => {
  const said = change()
  const { lines, rules, change_total: total } = quote
  const { currency } = total
  const shown = (amount: number) => money({ amount, currency })
  const reversed = lines.filter(({ reverses_line_id }) => reverses_line_id !== null)
  const kept = lines.filter(({ kind }) => kind === 'penalty')
  const fresh = lines.filter((line) => line.reverses_line_id === null && line.kind !== 'penalty')
  const leaving = [...reversed, ...kept].map((line) => ({
    ...line,
    amount: line.amount === 0 ? 0 : -line.amount,
  }))
  return (
    <>
      <dl class="sums">
        <div>
          <dt>{said.newFlight}</dt>
          <dd>{shown(sumOf(fresh))}</dd>
        </div>
        <div>
          <dt>{said.back}</dt>
          <dd>{shown(sumOf(reversed))}</dd>
        </div>
        <div>
          <dt>{said.kept}</dt>
          <dd>{shown(sumOf(kept))}</dd>
        </div>
        <div class="main">
          <dt>{labelOf(total.amount)}</dt>
          <dd>{shown(Math.abs(total.amount))}</dd>
        </div>
      </dl>
      <PriceDetails
        title={said.newLines}
        lines={fresh}
        total={{ amount: sumOf(fresh), currency }}
      />
      <div class="coming">
        <PriceDetails
          title={said.oldLines}
          lines={leaving}
          total={{ amount: sumOf(leaving), currency }}
        />
      </div>
      <RuleList rules={rules} booking={booking} />
      <p class="hint">{said.seats}</p>
    </>
  )
}

const labelOf = (total: number) => {
  const said = change()
  if (total > 0) return said.toPay
  return total < 0 ? said.toGet : said.even
}
