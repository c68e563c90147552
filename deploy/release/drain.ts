import { setTimeout as wait } from 'node:timers/promises'
import type { Container } from './docker.ts'
import type { Needs } from './needs.ts'
import type { Colour } from './slot.ts'
import { underWay } from './under-way.ts'

/**
 * After a reload, Nginx's old workers still take what comes on connections that wait idle, for as long as
 * keepalive_min_timeout says (image/keep-alive.conf: 5 s), and send it where it went before.
 */
const OLD_WORKERS_ASK_MS = 6_000

const LOOK_MS = 250
/** A request may be on its way from Nginx: once is not enough. */
const QUIET_LOOKS = 3

/** Waits until nothing is in flight there, and nothing can come any more. */
export const drain = async (needs: Needs, colour: Colour) => {
  const { docker, environment, say } = needs
  await wait(OLD_WORKERS_ASK_MS)
  const until = Date.now() + environment.drainSeconds * 1000
  const running = (await docker.apiOf(colour)).filter(({ state }) => state === 'running')
  for (const container of running) {
    const { inFlight, streams, atFirst } = await waitUntilQuiet(needs, container, until)
    const what = inFlight === undefined ? 'no gauge of what is in flight' : `${inFlight} in flight`
    say(`${colour}: ${what} (first ${atFirst ?? '?'}), ${streams ?? '?'} streams open`)
  }
}

const waitUntilQuiet = async (needs: Needs, container: Container, until: number) => {
  let now = await underWay(needs, container)
  const atFirst = now.inFlight
  for (let quiet = 0; quiet < QUIET_LOOKS && Date.now() < until;) {
    quiet = (now.inFlight ?? 0) === 0 ? quiet + 1 : 0
    await wait(LOOK_MS)
    now = await underWay(needs, container)
  }
  return { ...now, atFirst }
}
