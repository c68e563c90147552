const PERIOD_MS = 5
/** A timer is late by up to this on an idle loop; that is no lag. */
const JITTER_MS = 2
/** A loop that stood still for this long kept everybody waiting. */
const STALL_MS = 100

let lag = 0
let stalls = 0
let ticked = performance.now()
let lastLate = 0
let due = ticked + PERIOD_MS

// A timer that comes late says that the loop was busy with something else.
setInterval(() => {
  const now = performance.now()
  const late = now - due
  lastLate = late > JITTER_MS ? late : 0
  lag += lastLate
  if (late > STALL_MS) stalls++
  ticked = now
  due = now + PERIOD_MS
}, PERIOD_MS).unref()

/**
 * Milliseconds for which this process's event loop has kept others waiting, up to `now`. What the
 * timer has not yet noticed is counted too: an I/O callback may run before the timer does.
 */
export const lagAt = (now: number) => {
  const late = now - due
  return late > JITTER_MS ? lag + late : lag
}

/**
 * For how long, at most, an answer that is read now has lain there: since the loop last looked for any.
 * However busy it was before that, it has not delayed this answer.
 */
export const unreadAt = (now: number) =>
  lastLate > 0 || now - due > JITTER_MS ? lastLate + now - ticked : 0

/** Times that the loop stood still for more than 100 ms. */
export const stallsSoFar = () => stalls
