import { useRef, useState } from 'preact/hooks'
import { seatsWords } from '../words/seats.ts'
import { SEAT, layOut, seatBy } from './seat-map-layout.ts'
import type { DrawnSeat } from './seat-map-layout.ts'
import type { SeatMap as Map } from './use-seat-map.ts'

export type SeatState = 'free' | 'mine' | 'taken' | 'other'

type Props = {
  map: Map
  label: string
  /** The cabin that is paid for. */
  cabin: string
  chosen: string[]
  /** Held for this passenger: the map calls them held, as it does those of others. */
  held: string[]
  onToggle: (seat: string) => void
}

/** The aircraft as a grid of seats: one stop for Tab, arrows within, Enter or Space to choose. */
export const SeatMap = (props: Props) => {
  const svg = useRef<SVGSVGElement>(null)
  const [at, setAt] = useState<string | undefined>()
  const { width, height, cabins } = layOut(props.map)
  const rows = cabins.flatMap((drawn) => drawn.rows)
  const seats = rows.flatMap((row) => row.seats)
  const active = tabStop(seats, at, props)

  const point = (drawn: DrawnSeat) => {
    const state = stateOf(drawn, props)
    setAt(drawn.seat)
    if (state === 'free' || state === 'mine') props.onToggle(drawn.seat)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const drawn = seats.find(({ seat }) => seat === active)
    if (event.ctrlKey || event.metaKey || event.altKey || !drawn || !isOurs(event.key)) return
    event.preventDefault()
    if (event.key === 'Enter' || event.key === ' ') return point(drawn)
    const next = seatBy(event.key, drawn.seat, rows)
    setAt(next)
    svg.current?.querySelector<SVGElement>(`[data-seat="${next}"]`)?.focus()
  }

  return (
    <svg
      ref={svg}
      class="seat-map"
      role="grid"
      aria-label={props.label}
      aria-multiselectable="true"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      onKeyDown={onKeyDown}
    >
      <path class="hull" d={hull(width, height)} aria-hidden="true" />
      {cabins.map((drawn) => (
        <Cabin
          key={drawn.cabin}
          drawn={drawn}
          width={width}
          active={active}
          seen={props}
          onPoint={point}
          onFocus={({ seat }) => setAt(seat)}
        />
      ))}
    </svg>
  )
}

type CabinProps = {
  drawn: ReturnType<typeof layOut>['cabins'][number]
  width: number
  active: string | undefined
  seen: Seen
  onPoint: (seat: DrawnSeat) => void
  onFocus: (seat: DrawnSeat) => void
}

const Cabin = ({ drawn, width, active, seen, onPoint, onFocus }: CabinProps) => {
  const said = seatsWords()
  return (
    <g role="rowgroup" aria-label={said.cabin[drawn.cabin]}>
      <text class="cabin" x={width / 2} y={drawn.top + 26} aria-hidden="true">
        {said.cabin[drawn.cabin]}
      </text>
      <g role="row">
        {drawn.letters.map(([letter, x]) => (
          <text key={letter} role="columnheader" x={x} y={drawn.top + 60}>
            {letter}
          </text>
        ))}
      </g>
      {drawn.rows.map(({ row, y, exit_row, seats }) => (
        <g key={row} role="row">
          {exit_row && <Exit y={y} width={width} word={said.exit} />}
          <text class="row" role="rowheader" x={drawn.aisle} y={y + SEAT / 2 + 5}>
            {row}
          </text>
          {seats.map((seat) => (
            <Seat
              key={seat.seat}
              drawn={seat}
              y={y}
              width={drawn.seat_width}
              state={stateOf(seat, seen)}
              isActive={seat.seat === active}
              onPoint={() => onPoint(seat)}
              onFocus={() => onFocus(seat)}
            />
          ))}
        </g>
      ))}
    </g>
  )
}

const isOurs = (key: string) => /^(Enter| |Arrow.*|Page.*|Home|End)$/.test(key)

type Seen = Pick<Props, 'cabin' | 'chosen' | 'held'>

const stateOf = ({ seat, status, cabin }: DrawnSeat, seen: Seen): SeatState => {
  if (seen.chosen.includes(seat)) return 'mine'
  if (cabin !== seen.cabin) return 'other'
  return status === 'available' || seen.held.includes(seat) ? 'free' : 'taken'
}

/** The one seat that Tab reaches: where one was, else one's own, else the first that can be had. */
const tabStop = (seats: DrawnSeat[], at: string | undefined, seen: Seen) =>
  seats.find(({ seat }) => seat === at)?.seat ??
  seen.chosen[0] ??
  (seats.find((seat) => stateOf(seat, seen) === 'free') ?? seats[0])?.seat

const hull = (width: number, height: number) =>
  `M1 130 C1 40 ${width * 0.35} 1 ${width / 2} 1 S${width - 1} 40 ${width - 1} 130 ` +
  `V${height - 30} Q${width - 1} ${height - 1} ${width - 30} ${height - 1} ` +
  `H30 Q1 ${height - 1} 1 ${height - 30} Z`

const Exit = ({ y, width, word }: { y: number; width: number; word: string }) => (
  <g class="exit" aria-hidden="true">
    <path d={`M2 ${y - 16} l9 -7 v14 z M${width - 2} ${y - 16} l-9 -7 v14 z`} />
    <text x={width / 2} y={y - 10}>
      {word}
    </text>
  </g>
)

type SeatProps = {
  drawn: DrawnSeat
  y: number
  width: number
  state: SeatState
  isActive: boolean
  onPoint: () => void
  onFocus: () => void
}

const Seat = ({ drawn, y, width, state, isActive, onPoint, onFocus }: SeatProps) => {
  const said = seatsWords()
  const place = said.place[drawn.place] + (drawn.exit_row ? `, ${said.exitRow}` : '')
  const closed = state === 'taken' || state === 'other'
  return (
    <g
      class={`seat ${state}`}
      role="gridcell"
      data-seat={drawn.seat}
      tabindex={isActive ? 0 : -1}
      aria-selected={state === 'mine'}
      aria-disabled={closed ? true : undefined}
      aria-label={said.seat(drawn.seat, place, said.state[state])}
      onClick={onPoint}
      onFocus={onFocus}
    >
      <SeatShape x={drawn.x - width / 2} y={y} width={width} state={state} letter={drawn.column} />
    </g>
  )
}

type Shape = { x: number; y: number; width: number; state: SeatState; letter: string }

// A taken seat differs by its mark, not by its colour alone.
const marks: Record<SeatState, string | undefined> = {
  free: undefined,
  mine: '✓',
  taken: '×',
  other: '·',
}

export const SeatShape = ({ x, y, width, state, letter }: Shape) => (
  <>
    <rect class="seat-box" x={x} y={y} width={width} height={SEAT} rx="9" />
    <text class="mark" x={x + width / 2} y={y + SEAT / 2 + 6} aria-hidden="true">
      {marks[state] ?? letter}
    </text>
  </>
)
