export const cabins = ['economy', 'premium_economy', 'business', 'first'] as const
export type CabinName = (typeof cabins)[number]

/** As in data/aircraft.json; a space in `columns` is an aisle. */
export type Cabin = {
  cabin: CabinName
  first_row: number
  last_row: number
  columns: string
  exit_rows: number[]
  missing_rows: number[]
  missing_seats: string[]
}

export type Layout = {
  code: string
  infant_places: number
  pet_places: number
  cabins: Cabin[]
}

export type Seat = { unit_code: string; cabin: CabinName; position: number }

/** Every seat of an aircraft, front to back and left to right. */
export const seatsOf = ({ cabins }: Layout): Seat[] =>
  cabins.flatMap(({ cabin, first_row, last_row, columns, missing_rows, missing_seats }) =>
    rowsFrom(first_row, last_row)
      .filter((row) => !missing_rows.includes(row))
      .flatMap((row) =>
        lettersOf(columns).map((letter, place) => ({
          unit_code: `${row}${letter}`,
          cabin,
          position: row * 20 + place,
        })),
      )
      .filter(({ unit_code }) => !missing_seats.includes(unit_code)),
  )

export const rowsFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i)

export const lettersOf = (columns: string) => [...columns.replaceAll(' ', '')]
