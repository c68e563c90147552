import { Refusal } from '../api.ts'
import { signal, useSignal } from '../signal.ts'
import { holdOf, release, sameSeats, swap } from './holds.ts'

type Choice = {
  /** What the passenger points at; held as soon as there is one for each. */
  seats: string[]
  busy: boolean
  /** Taken by somebody else while they were being chosen. */
  lost: string[]
  failure?: unknown
}

// Outside of the page, so that changing the language in the middle loses nothing.
const choices = signal<Record<string, Choice>>({})

export const useChoices = () => useSignal(choices)

export const choiceOf = (flight_id: string): Choice =>
  choices.value[flight_id] ?? { seats: holdOf(flight_id)?.seats ?? [], busy: false, lost: [] }

const change = (flight_id: string, changes: Partial<Choice>) => {
  choices.value = { ...choices.value, [flight_id]: { ...choiceOf(flight_id), ...changes } }
}

export const forgetChoices = () => {
  choices.value = {}
}

/** Chooses a seat or gives it back; one too many takes the place of the one chosen first. */
export const toggle = (flight_id: string, seat: string, needed: number) => {
  const { seats } = choiceOf(flight_id)
  const next = seats.includes(seat) ? seats.filter((s) => s !== seat) : [...seats, seat]
  change(flight_id, { seats: next.slice(-needed), lost: [], failure: undefined })
  return settle(flight_id, needed)
}

/** Gives up seats that the map says somebody else has by now. */
export const lose = (flight_id: string, lost: string[]) => {
  const { seats } = choiceOf(flight_id)
  change(flight_id, { seats: seats.filter((seat) => !lost.includes(seat)), lost })
}

export const isComplete = (flight_id: string, needed: number) =>
  sameSeats(choiceOf(flight_id).seats, holdOf(flight_id)?.seats) &&
  choiceOf(flight_id).seats.length === needed

/** Brings what is held to what is chosen, one request at a time however fast one points. */
export const settle = async (flight_id: string, needed: number) => {
  if (choiceOf(flight_id).busy) return
  change(flight_id, { busy: true, failure: undefined })
  try {
    for (;;) {
      const { seats } = choiceOf(flight_id)
      const hold = holdOf(flight_id)
      // Who gives back every seat wants none of them: others may have them at once.
      if (seats.length === 0 && hold) await release([hold])
      if (seats.length < needed || sameSeats(seats, hold?.seats)) break
      await swap(flight_id, seats).catch((error: unknown) => refused(flight_id, error))
    }
  } catch (error) {
    change(flight_id, { failure: error })
  } finally {
    change(flight_id, { busy: false })
  }
}

const refused = async (flight_id: string, error: unknown) => {
  if (!(error instanceof Refusal) || error.kind !== 'seat-unavailable') throw error
  const lost = (error.problem.units as string[] | undefined) ?? []
  const still = holdOf(flight_id)
  const others = choiceOf(flight_id).seats.filter((seat) => !lost.includes(seat))
  if (still && others.length === 0) return change(flight_id, { seats: still.seats, lost })
  lose(flight_id, lost)
  // The others were let go for the exchange: hold them again before somebody else does.
  if (others.length > 0)
    await swap(flight_id, others).catch((again: unknown) => refused(flight_id, again))
}
