import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockMinutes, greatCircleKm } from './great-circle.ts'

const bogota = { latitude: 4.7016, longitude: -74.1469 }
const sanAndres = { latitude: 12.5836, longitude: -81.7112 }
const miami = { latitude: 25.7932, longitude: -80.2906 }
const newYork = { latitude: 40.6394, longitude: -73.7793 }
const losAngeles = { latitude: 33.9425, longitude: -118.408 }

const position = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
})

test.each([
  ['Bogotá and San Andrés', bogota, sanAndres, 1_200],
  ['Bogotá and Miami', bogota, miami, 2_430],
  ['New York and Los Angeles', newYork, losAngeles, 3_974],
])('the distance between %s is known within one per cent', (_, from, to, km) => {
  expect(Math.abs(greatCircleKm(from, to) - km) / km).toBeLessThan(0.01)
})

test('the way back is as long as the way there', () => {
  fc.assert(
    fc.property(position, position, (from, to) => {
      expect(greatCircleKm(from, to)).toBeCloseTo(greatCircleKm(to, from), 6)
    }),
  )
})

test('no two places are farther apart than half the way round the Earth', () => {
  fc.assert(
    fc.property(position, position, (from, to) => {
      const km = greatCircleKm(from, to)
      expect(km).toBeGreaterThanOrEqual(0)
      expect(km).toBeLessThanOrEqual(Math.PI * 6371.0088)
    }),
  )
})

test('antipodes are half the way round the Earth apart', () => {
  const poles = [
    { latitude: 90, longitude: 0 },
    { latitude: -90, longitude: 0 },
  ] as const
  expect(greatCircleKm(...poles)).toBeCloseTo(20_015.1, 1)
})

test('a place is no distance from itself, and across the date line is near', () => {
  expect(greatCircleKm(bogota, bogota)).toBe(0)
  const west = { latitude: 0, longitude: 179.5 }
  const east = { latitude: 0, longitude: -179.5 }
  expect(greatCircleKm(west, east)).toBeCloseTo(111.2, 1)
})

test('a longer flight never takes less time, and times are in fives', () => {
  const distance = fc.double({ min: 0, max: 20_016, noNaN: true })
  fc.assert(
    fc.property(distance, distance, (one, other) => {
      const shorter = blockMinutes(Math.min(one, other), 840)
      const longer = blockMinutes(Math.max(one, other), 840)
      expect(longer).toBeGreaterThanOrEqual(shorter)
      expect(longer % 5).toBe(0)
    }),
  )
})

test('Bogotá to San Andrés takes 2 h 15 min, and Bogotá to Miami 3 h 45 min', () => {
  expect(blockMinutes(greatCircleKm(bogota, sanAndres), 840)).toBe(135)
  expect(blockMinutes(greatCircleKm(bogota, miami), 840)).toBe(225)
})

test('a slower aircraft takes longer', () => {
  expect(blockMinutes(300, 510)).toBeGreaterThan(blockMinutes(300, 840))
})
