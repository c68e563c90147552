import { useEffect, useState } from 'preact/hooks'
import { money, timeAt } from '../formats.ts'
import { passengersWords } from '../words/passengers.ts'
import { PriceLines } from './price-lines.tsx'
import type { Offer } from './use-offer.ts'

const WIDE = '(min-width: 720px)'

const useWide = () => {
  const [wide, set] = useState(() => matchMedia(WIDE).matches)
  useEffect(() => {
    const asked = matchMedia(WIDE)
    const follow = () => set(asked.matches)
    asked.addEventListener('change', follow)
    return () => asked.removeEventListener('change', follow)
  }, [])
  return wide
}

type Props = { offer: Offer | undefined; isEstimate: boolean; busy: boolean }

/** The whole price: open beside the form where there is room, else a total that unfolds. */
export const PriceBox = ({ offer, isEstimate, busy }: Props) => {
  const said = passengersWords()
  const wide = useWide()
  return (
    <details class="price-box" open={wide} data-busy={busy ? '' : undefined}>
      <summary>
        <span>{isEstimate ? said.estimate : said.total}</span>
        <strong aria-live="polite">{offer ? money(offer.total) : said.noPrice}</strong>
      </summary>
      <div class="unfolded" role="region" aria-label={said.price} tabIndex={0}>
        {offer ? <Explained offer={offer} isEstimate={isEstimate} /> : <p>{said.asking}</p>}
      </div>
    </details>
  )
}

const Explained = ({ offer, isEstimate }: { offer: Offer; isEstimate: boolean }) => {
  const said = passengersWords()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <>
      <p class="hint">
        {isEstimate ? said.estimateWhy : said.frozen(timeAt(offer.expires_at, zone))}
      </p>
      <ul class="seats-of">
        {offer.slices.map(({ flight_id, origin, destination, seats }) => (
          <li key={flight_id}>
            {origin} → {destination}:{' '}
            <strong>
              {seats.length > 0 ? `${said.seats} ${seats.join(', ')}` : said.anySeats}
            </strong>
          </li>
        ))}
      </ul>
      <PriceLines lines={offer.lines} total={offer.total} />
      {offer.lines.some(({ code }) => code === 'SWEETS') && <p class="hint">{said.sweets}</p>}
    </>
  )
}
