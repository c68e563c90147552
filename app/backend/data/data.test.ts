import { expect, test } from 'vitest'
import { blockMinutes, greatCircleKm } from '../slices/flights/great-circle.ts'
import aircraft from './aircraft.json' with { type: 'json' }
import airports from './airports.json' with { type: 'json' }
import network from './network.json' with { type: 'json' }

type Aircraft = (typeof aircraft)[number]
type Route = (typeof network)[number]

const airportOf = new Map(airports.map((airport) => [airport.iata_code, airport]))
const aircraftOf = new Map(aircraft.map((type) => [type.code, type]))

test('an airport has codes of its own, written as IATA and ICAO write them', () => {
  expect(new Set(airports.map(({ iata_code }) => iata_code)).size).toBe(airports.length)
  expect(new Set(airports.map(({ icao_code }) => icao_code)).size).toBe(airports.length)
  for (const { iata_code, icao_code } of airports) {
    expect(iata_code).toMatch(/^[A-Z]{3}$/)
    expect(icao_code).toMatch(/^[A-Z]{4}$/)
  }
})

test.each(airports)('$iata_code has a country, a region in it, a clock and a place', (airport) => {
  expect(airport.country_code).toMatch(/^[A-Z]{2}$/)
  expect(airport.region_code).toMatch(new RegExp(`^${airport.country_code}(-[A-Z0-9]{1,3})?$`))
  expect(() => new Intl.DateTimeFormat('en', { timeZone: airport.time_zone })).not.toThrow()
  expect(Math.abs(airport.latitude)).toBeLessThanOrEqual(60)
  expect(airport.longitude).toBeGreaterThan(-130)
  expect(airport.longitude).toBeLessThan(-30)
  expect([airport.name, airport.city]).not.toContain('')
})

test('San Andrés and Providencia, and no other airports, are in the archipelago', () => {
  const archipelago = airports.filter(({ region_code }) => region_code === 'CO-SAP')
  expect(archipelago.map(({ iata_code }) => iata_code)).toEqual(['ADZ', 'PVA'])
})

test('an aircraft type has a code of its own', () => {
  expect(aircraftOf.size).toBe(aircraft.length)
})

test.each(aircraft)('no two seats of an $name have the same designator', (type) => {
  const seats = seatsOf(type)
  expect(new Set(seats).size).toBe(seats.length)
  expect(seats.length).toBe({ A320: 180, A321: 200, AT76: 72, B788: 249 }[type.code])
})

test.each(aircraft)(
  'the cabins of an $name follow one another, and skip only what exists',
  (type) => {
    type.cabins.forEach((cabin, i) => {
      expect(cabin.first_row).toBe(i === 0 ? 1 : (type.cabins[i - 1]?.last_row ?? 0) + 1)
      expect(cabin.columns).toMatch(/^[A-HJ]+( [A-HJ]+)+$/)
      for (const row of [...cabin.exit_rows, ...cabin.missing_rows]) {
        expect(row).toBeGreaterThanOrEqual(cabin.first_row)
        expect(row).toBeLessThanOrEqual(cabin.last_row)
      }
      for (const seat of cabin.missing_seats) expect(allSeats(cabin)).toContain(seat)
    })
  },
)

test('the A320 carries 180 passengers, all in economy', () => {
  const a320 = aircraftOf.get('A320')
  expect(a320?.cabins.map(({ cabin }) => cabin)).toEqual(['economy'])
  expect(a320 && seatsOf(a320)).toHaveLength(180)
})

test('a route joins two known airports with a known aircraft, at a time, on some weekdays', () => {
  for (const route of network) {
    expect(airportOf.has(route.origin), route.origin).toBe(true)
    expect(airportOf.has(route.destination), route.destination).toBe(true)
    expect(route.origin).not.toBe(route.destination)
    expect(aircraftOf.has(route.aircraft), route.aircraft).toBe(true)
    expect(route.departs).toMatch(/^([01]\d|2[0-3]):[0-5][05]$/)
    expect(route.weekdays).toMatch(/^(?=.)1?2?3?4?5?6?7?$/)
  }
})

test('a flight number is AF and digits, and belongs to one route', () => {
  for (const { flight_number } of network) expect(flight_number).toMatch(/^AF[1-9]\d{3}$/)
  expect(new Set(network.map(({ flight_number }) => flight_number)).size).toBe(network.length)
})

test('every airport can be flown to and from', () => {
  const codes = airports.map(({ iata_code }) => iata_code).toSorted()
  expect([...new Set(network.map(({ origin }) => origin))].toSorted()).toEqual(codes)
  expect([...new Set(network.map(({ destination }) => destination))].toSorted()).toEqual(codes)
})

test('an odd flight goes out, and the even one after it comes back as often with the aircraft', () => {
  for (const [out, back] of pairs()) {
    expect([back.origin, back.destination]).toEqual([out.destination, out.origin])
    expect([back.aircraft, back.weekdays.length]).toEqual([out.aircraft, out.weekdays.length])
  }
})

test.each(['2026-12-15', '2027-07-15'])(
  'on %s an aircraft stands between half an hour and five hours before it goes back',
  (day) => {
    for (const [out, back] of pairs()) {
      const lands = utcMinutes(out, day) + minutesOf(out)
      const standsMinutes = mod(utcMinutes(back, day) - lands, 24 * 60)
      expect(standsMinutes, back.flight_number).toBeGreaterThanOrEqual(30)
      expect(standsMinutes, back.flight_number).toBeLessThanOrEqual(5 * 60)
      expect(back.weekdays).toBe(daysLater(out.weekdays, daysAway(out, back, day)))
    }
  },
)

test('an ATR flies at most 1,400 km, and a wide-body no less than 3,500', () => {
  for (const route of network) {
    if (route.aircraft === 'AT76') expect(kmOf(route), route.flight_number).toBeLessThan(1_400)
    if (route.aircraft === 'B788') expect(kmOf(route), route.flight_number).toBeGreaterThan(3_500)
  }
})

test('60 days, whatever weekday they begin on, hold 3,000 to 4,500 flights and few enough seats', () => {
  for (const first of [0, 1, 2, 3, 4, 5, 6]) {
    const days = Array.from({ length: 60 }, (_, day) => String(((first + day) % 7) + 1))
    const flights = days.flatMap((day) => network.filter(({ weekdays }) => weekdays.includes(day)))
    expect(flights.length).toBeGreaterThan(3_000)
    expect(flights.length).toBeLessThan(4_500)
    expect(sum(flights.map((flight) => seatsOf(typeOf(flight)).length))).toBeLessThan(610_000)
  }
})

const allSeats = ({ first_row, last_row, columns }: Aircraft['cabins'][number]) =>
  Array.from({ length: last_row - first_row + 1 }, (_, i) => first_row + i).flatMap((row) =>
    Array.from(columns.replaceAll(' ', ''), (letter) => `${row}${letter}`),
  )

const seatsOf = ({ cabins }: Aircraft) =>
  cabins.flatMap((cabin) => {
    const missingRows = new Set<number>(cabin.missing_rows)
    const missingSeats = new Set<string>(cabin.missing_seats)
    return allSeats(cabin).filter(
      (seat) => !missingSeats.has(seat) && !missingRows.has(Number.parseInt(seat, 10)),
    )
  })

const pairs = () =>
  network
    .filter(({ flight_number }) => numberOf(flight_number) % 2 === 1)
    .map((out): [Route, Route] => {
      const back = network.find(
        (r) => numberOf(r.flight_number) === numberOf(out.flight_number) + 1,
      )
      if (!back) throw new Error(`${out.flight_number} never comes back`)
      return [out, back]
    })

const numberOf = (flightNumber: string) => Number(flightNumber.slice(2))

const typeOf = (route: Route) => known(aircraftOf.get(route.aircraft))
const kmOf = ({ origin, destination }: Route) =>
  greatCircleKm(known(airportOf.get(origin)), known(airportOf.get(destination)))
const minutesOf = (route: Route) => blockMinutes(kmOf(route), typeOf(route).cruise_kmh)

const localMinutes = ({ departs }: Route) =>
  Number(departs.slice(0, 2)) * 60 + Number(departs.slice(3))
const utcMinutes = (route: Route, day: string) => localMinutes(route) - offsetMinutes(route, day)

// 'longOffset' reads GMT-05:00; every zone here is west of Greenwich, by whole hours.
const offsetMinutes = ({ origin }: Route, day: string) => {
  const timeZone = known(airportOf.get(origin)).time_zone
  const text = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).format(
    new Date(`${day}T12:00:00Z`),
  )
  return -60 * Number(/GMT-(\d\d):00/.exec(text)?.[1])
}

const daysAway = (out: Route, back: Route, day: string) => {
  const landsLocal = utcMinutes(out, day) + minutesOf(out) + offsetMinutes(back, day)
  return Math.ceil((landsLocal - localMinutes(back)) / (24 * 60))
}
const daysLater = (weekdays: string, days: number) =>
  Array.from(weekdays, (day) => String(((Number(day) - 1 + days) % 7) + 1))
    .toSorted()
    .join('')

const mod = (n: number, base: number) => ((n % base) + base) % base
const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0)
const known = <T>(found: T | undefined): T => {
  if (found === undefined) throw new Error('The route names something that does not exist.')
  return found
}
