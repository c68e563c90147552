import { money } from '../formats.ts'
import { PriceLines } from './price-lines.tsx'
import type { Line } from './price-lines.tsx'

// What a phone shows without scrolling past everything else.
const OPEN_MAX = 8

type Props = { title: string; lines: Line[]; total: { amount: number; currency: string } }

/** The total in view, and every line of it behind a fold when there are many. */
export const PriceDetails = ({ title, lines, total }: Props) => (
  <details class="price-details" open={lines.length <= OPEN_MAX}>
    <summary>
      <span>{title}</span> <strong>{money(total)}</strong>
    </summary>
    <PriceLines lines={lines} total={total} />
  </details>
)
