import { z } from '@hono/zod-openapi'
import { MoneySchema, day, timestamp } from '../../kernel/api.ts'
import { cabins, flightStatuses } from './events.ts'

export const airportCode = () =>
  z
    .string()
    .regex(/^[A-Z]{3}$/, 'An IATA airport code: three capital letters.')
    .openapi({ example: 'BOG' })

export const AirportSchema = z
  .object({
    iata_code: airportCode(),
    icao_code: z.string(),
    name: z.string(),
    city: z.string(),
    country_code: z.string(),
    region_code: z.string(),
    time_zone: z.string().openapi({ example: 'America/Bogota' }),
    latitude: z.number(),
    longitude: z.number(),
  })
  .openapi('Airport')

const flightNumber = () => z.string().openapi({ example: 'AF1001' })

const flight = {
  id: z.uuid(),
  flight_number: flightNumber(),
  departure_date: day().openapi({ description: 'The calendar day at the origin' }),
  origin: airportCode(),
  destination: airportCode(),
  departs_at: timestamp(),
  arrives_at: timestamp(),
  status: z.enum(flightStatuses),
  delay_minutes: z.int(),
}

export const PromotionOnShowSchema = z
  .object({ code: z.string(), percent: z.number(), name_es: z.string(), name_en: z.string() })
  .openapi('PromotionOnShow')

export const FoundFlightSchema = z
  .object({
    ...flight,
    seats_left: z.int(),
    lowest_fare: MoneySchema.openapi({ description: 'One adult, before promotion and taxes' }),
    cabin: z.enum(cabins).openapi({ description: 'The cabin of the lowest fare' }),
    promotion: PromotionOnShowSchema.nullable(),
  })
  .openapi('FoundFlight')

export const SearchSchema = z.strictObject({
  origin: airportCode(),
  destination: airportCode(),
  departure_date: day(),
  passengers: z.coerce.number().int().min(1).max(9).default(1).openapi({
    description: 'Passengers who need a seat; infants on a lap do not',
  }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(200).optional().openapi({ description: 'meta.after of the last page' }),
})

export const DaysSchema = SearchSchema.pick({
  origin: true,
  destination: true,
  passengers: true,
}).extend({ from: day(), to: day() })

export const DaySchema = z
  .object({
    departure_date: day(),
    lowest_fare: MoneySchema,
    flights: z.int().openapi({ description: 'How many fly that day with room for the party' }),
  })
  .openapi('Day')

export const FlightSchema = z
  .object({
    ...flight,
    gate: z.string().nullable(),
    arrival_date: day(),
    distance_km: z.int(),
    aircraft: z.object({ code: z.string(), name: z.string() }),
    origin_airport: AirportSchema,
    destination_airport: AirportSchema,
  })
  .openapi('Flight')

export const StatusSchema = z
  .object({
    flight_id: z.uuid(),
    status: z.enum(flightStatuses),
    delay_minutes: z.int(),
    gate: z.string().nullable(),
    departs_at: timestamp(),
    arrives_at: timestamp(),
    expected_departs_at: timestamp(),
    expected_arrives_at: timestamp(),
    seq: z.int().openapi({ description: 'Grows by one with each change; 0 before the first' }),
    events: z.array(
      z.object({
        seq: z.int(),
        status: z.enum(flightStatuses),
        delay_minutes: z.int(),
        gate: z.string().nullable(),
        reason: z.string().nullable(),
        occurred_at: timestamp(),
      }),
    ),
  })
  .openapi('FlightStatus')

export const StatusesSchema = z
  .strictObject({
    departure_date: day(),
    flight_number: flightNumber()
      .regex(/^[A-Z0-9]{2}\d{1,4}$/, 'A flight number such as AF1001.')
      .optional(),
    origin: airportCode().optional(),
    destination: airportCode().optional(),
  })
  .refine(
    ({ flight_number, origin, destination }) =>
      flight_number ? !origin && !destination : origin && destination,
    { message: 'Either flight_number, or origin and destination.', path: ['flight_number'] },
  )

export const FlightOfDaySchema = z
  .object({
    ...flight,
    gate: z.string().nullable(),
    expected_departs_at: timestamp(),
    expected_arrives_at: timestamp(),
  })
  .openapi('FlightOfDay')
