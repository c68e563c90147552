import { useMemo, useState } from 'preact/hooks'
import { money } from '../formats.ts'
import { results } from '../words/results.ts'
import { ResultsFlight } from './results-flight.tsx'
import type { Shown } from './results-live.ts'
import { idsBy, orders, partOf, parts } from './results-order.ts'
import type { Order, PartOfDay } from './results-order.ts'
import { fareOf } from './results-prices.ts'
import type { Direction } from './results-trip.ts'

type Props = {
  direction: Direction
  flights: Shown[]
  busy: boolean
  /** What the flights answer; when it changes, they are put in order anew. */
  way: string
  chosen: string | undefined
  /** The one before arrives then; what departs earlier cannot be caught. */
  notBefore: string | undefined
  errorId: string | undefined
  onChoose: (id: string) => void
}

/** The flights of a day in an order of the passenger's, which a refresh leaves as it is. */
export const ResultsList = (props: Props) => {
  const { direction, flights, busy, way, chosen, notBefore, errorId, onChoose } = props
  const said = results()
  const [order, setOrder] = useState<Order>('departure')
  const [wanted, setWanted] = useState<PartOfDay[]>([])
  const ids = useMemo(() => idsBy(order, flights), [order, way])
  const place = ({ id }: Shown) => (ids.includes(id) ? ids.indexOf(id) : ids.length)
  const shown = flights
    .toSorted((a, b) => place(a) - place(b))
    .filter((flight) => wanted.length === 0 || wanted.includes(partOf(flight)))

  const toggle = (part: PartOfDay) =>
    setWanted(wanted.includes(part) ? wanted.filter((one) => one !== part) : [...wanted, part])

  return (
    <>
      <div class="fare-tools">
        <label>
          {said.sort}
          <select value={order} onChange={(e) => setOrder(e.currentTarget.value as Order)}>
            {orders.map((each) => (
              <option key={each} value={each}>
                {said.orders[each]}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="fare-chips">
          <legend class="visually-hidden">{said.partsLabel}</legend>
          {parts.map((part) => (
            <label key={part}>
              <input
                type="checkbox"
                checked={wanted.includes(part)}
                onChange={() => toggle(part)}
              />
              {said.parts[part]}
            </label>
          ))}
        </fieldset>
      </div>
      <fieldset class="fare-list" aria-describedby={errorId} aria-busy={busy}>
        <legend class="visually-hidden">{said.choose[direction]}</legend>
        {shown.map((flight) => (
          <ResultsFlight
            key={flight.id}
            flight={flight}
            group={direction}
            chosen={flight.id === chosen}
            tooEarly={notBefore !== undefined && flight.departs_at <= notBefore}
            onChoose={() => onChoose(flight.id)}
          />
        ))}
      </fieldset>
      {shown.length === 0 && (
        <p class="row">
          {said.noneInParts}
          <button type="button" class="plain" onClick={() => setWanted([])}>
            {said.allParts}
          </button>
        </p>
      )}
      <Changes flights={flights} />
    </>
  )
}

const Changes = ({ flights }: { flights: Shown[] }) => (
  <p class="visually-hidden" role="status">
    {flights
      .filter(({ fare_before, gone }) => fare_before && !gone)
      .map((flight) => results().changed(flight.flight_number, money(fareOf(flight))))
      .join(' ')}
  </p>
)
