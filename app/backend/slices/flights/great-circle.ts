/** Decimal degrees; north and east are positive. */
export type Position = { latitude: number; longitude: number }

/**
 * Kilometres along the great circle, by the haversine on a sphere of the mean Earth radius
 * (IUGG R1, 6371.0088 km). The real Earth is flatter: the answer may be off by about 0.5 %.
 */
export const greatCircleKm = (from: Position, to: Position): number => {
  const chord =
    haversine(radians(to.latitude - from.latitude)) +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      haversine(radians(to.longitude - from.longitude))

  // Rounding may carry antipodes a hair above 1, where asin has no answer.
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/**
 * Minutes from gate to gate, rounded up to five as timetables are.
 *
 * An estimate, without winds: 20 minutes of taxi at both ends, 20 lost in climb and descent, and
 * a path 5 % longer than the great circle. The three figures are our assumption; they give
 * Bogotá to San Andrés 2 h 15 min and Bogotá to Miami 3 h 45 min.
 */
export const blockMinutes = (distanceKm: number, cruiseKmh: number): number => {
  const cruiseMinutes = ((distanceKm * FLOWN_PER_GREAT_CIRCLE) / cruiseKmh) * 60
  return Math.ceil((TAXI_MINUTES + CLIMB_AND_DESCENT_MINUTES + cruiseMinutes) / 5) * 5
}

const EARTH_RADIUS_KM = 6371.0088
const TAXI_MINUTES = 20
const CLIMB_AND_DESCENT_MINUTES = 20
const FLOWN_PER_GREAT_CIRCLE = 1.05

const radians = (degrees: number) => (degrees * Math.PI) / 180

const haversine = (angle: number) => Math.sin(angle / 2) ** 2
