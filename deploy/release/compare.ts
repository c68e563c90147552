import { whatDied } from './colour.ts'
import { chooseFigures } from './figures.ts'
import type { Reader } from './figures.ts'
import type { Needs, Running } from './needs.ts'
import { judge } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const LOOK_MS = 2_000
/** Who was just started compiles as it goes: of the first seconds errors count, not the time. */
const SETTLE_MS = 5_000
/** One slow reading may be a hiccup, which makes several slow at once; so many that differ are not. */
const SLOW_READINGS = 2

/**
 * Gives a slice of the traffic to the new version, and looks for the set time whether it serves as well.
 * Throws, with the figure, as soon as it does not.
 */
export const compareUnderTraffic = async (needs: Needs, running: Running): Promise<string> => {
  const { environment, edge, say, pause } = needs
  const { slicePercent, compareSeconds } = environment
  const strength = { blue: running.containers, green: running.containers }
  const count = await chooseFigures({ ...needs, containers: strength })
  const sinceOpened = await count()
  await edge.giveSliceTo(running.idle, slicePercent, strength)
  say(`${slicePercent} % of clients go to ${running.idle} for ${compareSeconds} s`)
  await pause(SETTLE_MS)
  const last = await watch(needs, running, sinceOpened, await count())
  if (last.is === 'too quiet') say(`NOT COMPARED: ${last.why}; the smoke test alone speaks for it`)
  else say(`as good as the old version: ${last.why}`)
  return last.why
}

/** Not that few asked: nobody can say what was answered. */
const noFigures: Verdict = {
  is: 'too quiet',
  why: 'no figures: what counts the answers began anew, in a container of either version',
}

const watch = async (needs: Needs, running: Running, sinceOpened: Reader, sinceSettled: Reader) => {
  const { environment, pause } = needs
  const { idle, active, containers } = running
  const startedAt = Date.now()
  const slow = new Set<string>()
  let last = noFigures
  // Twice as long where few ask, or where slow may be chance.
  const isOver = () =>
    Date.now() - startedAt > environment.compareSeconds * (last.is === 'good' ? 1_000 : 2_000)

  while (!isOver()) {
    await pause(LOOK_MS)
    const died = await whatDied(needs, idle, containers)
    if (died) throw new Error(died)
    const [opened, settled] = [await sinceOpened(), await sinceSettled()]
    if (!opened || !settled) {
      last = noFigures
      continue
    }
    // A version whose series show late may have its warm-up counted as since the opening: then only what came later
    // shows how many failed.
    const atOnce = judge(opened[active], opened[idle], environment.limits)
    last = judge(settled[active], settled[idle], environment.limits)
    for (const { is, why } of [atOnce, last]) if (is === 'erring') throw new Error(why)
    if (last.is === 'slower') slow.add(JSON.stringify(settled[idle]))
    else slow.clear()
    if (slow.size >= SLOW_READINGS) break
  }
  if (last.is === 'slower' || last.is === 'perhaps slower' || last === noFigures)
    throw new Error(last.why)
  return last
}
