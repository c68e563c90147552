import { constants, setPriority } from 'node:os'
import type { ComposeEnvironment } from '../environments.ts'
import type { Order } from '../order.ts'
import { NotTakenBack, sentenceOf, serves, TakenBack } from '../said.ts'
import { remove } from './colour.ts'
import { dockerOf } from './docker.ts'
import { edgeOf } from './edge.ts'
import { historyOf, previousOf } from './history.ts'
import type { Build } from './history.ts'
import { obtain } from './image.ts'
import { keep, letGo } from './kept.ts'
import { takeLock } from './lock.ts'
import { checkGoingBack } from './migrations.ts'
import type { Needs, Running } from './needs.ts'
import { knownFrom, noteWhatServed, recordOf } from './record.ts'
import { expandFor, release, rollBack } from './release.ts'
import type { Colour } from './slot.ts'
import { openSteps } from './steps.ts'

/** A release on this machine, one at a time. */
export const releaseHere = async (environment: ComposeEnvironment, order: Order) => {
  const needs = openNeeds(environment)
  if (order.dry) return sayPlan(needs, order)
  const startedAt = Date.now()
  const done = await locked(needs, 'a release', async () => {
    const { step } = needs
    const running = await step('look around', () => knownFrom(needs))
    const fresh = await step('the image', async () =>
      keep(needs, await obtain(needs, order.wanted)),
    )
    needs.say(`${fresh.version} beside ${running.build.version}, which serves in ${running.active}`)
    if (order.migrateOnly) {
      await expandFor(needs, running, fresh)
      return undefined
    }
    await noteWhatServed(needs, running)
    const record = recordOf(needs, running, fresh, startedAt)
    const figures = await release(needs, running, fresh).catch(async (error: unknown) => {
      const why = sentenceOf(error)
      const isAsBefore = !(error instanceof NotTakenBack)
      await record(isAsBefore ? 'taken back' : 'not taken back', why).catch(saying(needs))
      if (!isAsBefore) throw error
      throw new TakenBack(
        `${running.build.version} serves, as before. ${fresh.version} was taken back: ${why}`,
      )
    })
    await record('live', figures).catch(saying(needs))
    return { running, fresh }
  })
  // It is live, whatever becomes of the rest.
  if (done) await retire(needs, done.running, done.fresh).catch(saying(needs))
}

const saying =
  ({ say }: Needs) =>
  (error: unknown) =>
    say(`left as it is: ${sentenceOf(error)}`)

/** What served before serves again; nothing is done where another build serves than the one that is to be left. */
export const rollBackHere = async (environment: ComposeEnvironment, order: Order) => {
  const needs = openNeeds(environment)
  if (order.dry) return needs.say('would go back to what served before, without migrations')
  const startedAt = Date.now()
  await locked(needs, 'a rollback', async () => {
    const running = await needs.step('look around', () => knownFrom(needs))
    const { commit } = running.build
    if (order.leave !== undefined && commit !== order.leave)
      return needs.say(`nothing to leave: ${serves(commit)}`)
    const before = previousOf(await historyOf(environment.stateFolder), running.build.id)
    if (!before) throw new Error(`Nothing is known that served before ${running.build.version}.`)
    const to = await keep(needs, before).catch(() =>
      obtain(needs, { from: 'image', image: before.image }),
    )
    if (to.id !== before.id) throw new Error(`The build that served before is gone: ${before.id}`)
    await needs.step('it can live with the schema', () => checkGoingBack(needs, running, to))
    await rollBack(needs, running, to).catch((error: Error) => {
      if (error instanceof NotTakenBack) throw error
      throw new TakenBack(`${running.build.version} still serves: ${error.message}`)
    })
    needs.say(`${to.version} serves again: ${serves(to.commit)}`)
    const record = recordOf(needs, running, to, startedAt)
    await record('rolled back', `from ${running.build.version}`).catch(saying(needs))
    await removeUnlessServing(needs, running.active).catch(saying(needs))
  })
}

// Whatever the history says: somebody may have gone back meanwhile, and not come to the end of it.
const removeUnlessServing = async (needs: Needs, colour: Colour) => {
  const { active, isWhole } = await needs.edge.slot()
  if (active === colour || !isWhole) return needs.say(`${colour} stays: it has traffic`)
  await remove(needs, colour)
}

const openNeeds = (environment: ComposeEnvironment): Needs => {
  // Docker's commands as well: passengers come first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  const docker = dockerOf(environment)
  return { environment, docker, edge: edgeOf(environment, docker), ...openSteps() }
}

const locked = async <Result>(
  { environment, say }: Needs,
  what: string,
  work: () => Promise<Result>,
) => {
  const giveBack = await takeLock(environment.stateFolder, what, say)
  try {
    return await work()
  } finally {
    await giveBack()
  }
}

// The lock is free meanwhile: whoever goes back or releases again must not wait for this.
const retire = async (needs: Needs, running: Running, fresh: Build) => {
  const { environment, say, pause } = needs
  say(
    `${fresh.version} is live. ${running.active} stays warm for ${environment.warmSeconds} s (Ctrl-C leaves it on)`,
  )
  const history = await historyOf(environment.stateFolder)
  const served = history.filter(({ result }) => result === 'live')
  await letGo(needs, served)
  await pause(environment.warmSeconds * 1000)
  const last = (await historyOf(environment.stateFolder)).at(-1)
  if (last?.id !== fresh.id || last.result !== 'live')
    return say('something newer was done; it sees to the rest')
  await locked(needs, 'the end of a release', () => removeUnlessServing(needs, running.active))
}

const sayPlan = ({ environment, say }: Needs, { wanted, migrateOnly }: Order) => {
  const { slicePercent, compareSeconds, drainSeconds, warmSeconds } = environment
  const how = wanted.from === 'build' ? 'build the image' : `take the image by its ${wanted.from}`
  const toMigrate = [
    'look around',
    how,
    'check the migrations against the running version',
    'expand the schema',
  ]
  const toServe = [
    'start the idle colour, wait until it is ready, search and price there',
    `${slicePercent} % of clients for ${compareSeconds} s, compared with the old version`,
    `switch, drain (${drainSeconds} s at most), release the worker, write it down`,
    `keep the old version warm for ${warmSeconds} s`,
  ]
  for (const line of migrateOnly ? toMigrate : [...toMigrate, ...toServe]) say(`would ${line}`)
}
