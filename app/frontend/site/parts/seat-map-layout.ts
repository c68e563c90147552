import type { SeatMap } from './use-seat-map.ts'

type DrawnCabin = SeatMap['cabins'][number]
export type Status = DrawnCabin['rows'][number]['seats'][number]['status']
export type Place = 'window' | 'middle' | 'aisle'
export type DrawnSeat = {
  seat: string
  column: string
  status: Status
  x: number
  place: Place
  cabin: DrawnCabin['cabin']
  exit_row: boolean
}
export type DrawnRow = { row: number; y: number; exit_row: boolean; seats: DrawnSeat[] }

export const SEAT = 40
const PITCH = 44
const AISLE = 32
const SIDE = 10
const NOSE = 64
const CABIN = 74
const EXIT = 30
const TAIL = 40

const widthOf = (columns: string) =>
  Array.from(columns).reduce((width, column) => width + (column === ' ' ? AISLE : PITCH), 0)

/** Where each column and the first aisle stand; a cabin with fewer seats spreads them over the same width. */
const columnsOf = (columns: string, width: number) => {
  const wide = width / widthOf(columns)
  const letters = new Map<string, number>()
  let x = SIDE
  let aisle: number | undefined
  for (const column of columns) {
    const step = (column === ' ' ? AISLE : PITCH) * wide
    if (column === ' ') aisle ??= x + step / 2
    else letters.set(column, x + step / 2)
    x += step
  }
  return { letters, aisle: aisle ?? SIDE, seat_width: Math.min(PITCH * wide - 4, SEAT * 1.4) }
}

const placeOf = (columns: string, column: string): Place => {
  const at = columns.indexOf(column)
  if (at === 0 || at === columns.length - 1) return 'window'
  return columns[at - 1] === ' ' || columns[at + 1] === ' ' ? 'aisle' : 'middle'
}

/** The aircraft from nose to tail, in the units of the drawing. */
export const layOut = ({ cabins }: SeatMap) => {
  const inner = Math.max(...cabins.map(({ columns }) => widthOf(columns)))
  let y = NOSE
  const drawn = cabins.map(({ cabin, columns, rows }) => {
    const top = y
    const { letters, aisle, seat_width } = columnsOf(columns, inner)
    y += CABIN
    const placed = rows.map(({ row, exit_row, seats }): DrawnRow => {
      if (exit_row) y += EXIT
      const own = { row, exit_row, y }
      y += PITCH
      return {
        ...own,
        seats: seats.map((seat) => ({
          ...seat,
          cabin,
          exit_row,
          x: letters.get(seat.column)!,
          place: placeOf(columns, seat.column),
        })),
      }
    })
    return { cabin, top, letters: [...letters], aisle, seat_width, rows: placed }
  })
  return { width: inner + 2 * SIDE, height: y + TAIL, cabins: drawn }
}

const nearest = (seats: DrawnSeat[], x: number) =>
  seats.reduce((best, seat) => (Math.abs(seat.x - x) < Math.abs(best.x - x) ? seat : best))

/** The seat that a key leads to from another, as in a grid; the same one at its edges. */
export const seatBy = (key: string, from: string, rows: DrawnRow[]): string => {
  const at = rows.findIndex(({ seats }) => seats.some(({ seat }) => seat === from))
  if (at < 0) return from
  const { seats } = rows[at]!
  const i = seats.findIndex(({ seat }) => seat === from)
  const inRow = (row: DrawnRow | undefined) => (row ? nearest(row.seats, seats[i]!.x).seat : from)
  const next: Record<string, string | undefined> = {
    ArrowLeft: seats[i - 1]?.seat,
    ArrowRight: seats[i + 1]?.seat,
    ArrowUp: inRow(rows[at - 1]),
    ArrowDown: inRow(rows[at + 1]),
    PageUp: inRow(rows[Math.max(0, at - 5)]),
    PageDown: inRow(rows[Math.min(rows.length - 1, at + 5)]),
    Home: seats[0]?.seat,
    End: seats.at(-1)?.seat,
  }
  return next[key] ?? from
}
