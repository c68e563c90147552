import { setTimeout as wait } from 'node:timers/promises'
import { NotTakenBack, sentenceOf } from '../said.ts'
import { putOnPar, releaseWorker, remove, waitUntilReady } from './colour.ts'
import { drain } from './drain.ts'
import type { Needs, Running } from './needs.ts'
import { sayAsBefore } from './settings.ts'
import { releaseSite } from './site.ts'

/**
 * Whatever fails: all traffic where it was, nothing lost on the way, and the new version is gone. Throws why, and a
 * NotTakenBack when that is not so.
 */
export const orTakeBack = async <Result>(
  needs: Needs,
  running: Running,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    const why = sentenceOf(error)
    needs.say(`TAKEN BACK: ${why}`)
    await takeBack(needs.asCalm(needs), running).catch((failure: unknown) => {
      throw new NotTakenBack(`${why}; and taking it back failed: ${sentenceOf(failure)}`)
    })
    throw error
  }
}

const takeBack = async (needs: Needs, running: Running) => {
  const { idle, build } = running
  const { step } = needs
  // As long as it may have traffic, the new version stays.
  const isMoved = await bringTrafficBack(needs, running)
  const failures: string[] = []
  const each = (what: string, work: () => Promise<void>) =>
    step(what, work).catch((error: unknown) => void failures.push(sentenceOf(error)))
  // What cannot be put right keeps nobody from the rest.
  if (isMoved) await each(`drain ${idle}`, () => drain(needs, idle))
  await each('the worker is as before', () => releaseWorker(needs, build))
  if (isMoved) await each('the site is as before', () => releaseSite(needs, build))
  await each(`${idle} is gone`, () => remove(needs, idle))
  await each('the settings are as before', () => sayAsBefore(needs, running))
  if (failures.length > 0) throw new Error(failures.join('; '))
}

const bringTrafficBack = async (needs: Needs, { active, containers }: Running) => {
  const { edge, step, say } = needs
  const slot = await patiently(() => edge.slot())
  if (slot.active === active && slot.isWhole) return false
  // It may just have been started anew, to be kept warm. When it is not ready and has nobody's traffic, those who are
  // served by the new version stay there.
  await waitUntilReady(needs, active, containers).catch((error: Error) => {
    if (slot.active !== active) throw error
    say(error.message)
  })
  await putOnPar(needs, active).catch(({ message }: Error) => say(message))
  await step(`all traffic back to ${active}`, () => patiently(() => edge.giveAllTo(active)))
  return true
}

const PATIENCE_MS = 20_000

/** Nginx may just be beginning anew, and going back is what must not fail for that. */
const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > until) throw error
      await wait(1_000)
    }
  }
}
