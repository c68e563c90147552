import { putOnPar, smokeDirectly, startIdle, waitUntilReady } from './colour.ts'
import { compareUnderTraffic } from './compare.ts'
import type { Build } from './history.ts'
import { checkMigrations, migrate } from './migrations.ts'
import type { Needs, Running } from './needs.ts'
import { noteExpanded } from './record.ts'
import { sayBoth } from './settings.ts'
import { switchOver } from './switch-over.ts'
import { orTakeBack } from './take-back.ts'

/**
 * Brings a build to everybody, beside the version that serves. Whatever fails is taken back, and thrown;
 * the old version serves throughout. Returns the figures by which it was compared.
 */
export const release = async (needs: Needs, running: Running, fresh: Build): Promise<string> => {
  const pending = await check(needs, running, fresh)
  // To run something is felt: the running version has seen to those that it knows.
  if (pending.length > 0) await expand(needs, running, fresh, pending)
  return orTakeBack(needs, running, async () => {
    await startBeside(needs, running, fresh)
    const figures = await compareUnderTraffic(needs, running)
    await needs.step(`half of all clients to ${running.idle}`, () => giveHalf(needs, running))
    await switchOver(needs, running, fresh, 'keep warm')
    return figures
  })
}

/** The schema alone, for both: the one that serves, and the one that comes. */
export const expandFor = async (needs: Needs, running: Running, fresh: Build) => {
  await expand(needs, running, fresh, await check(needs, running, fresh))
}

const check = (needs: Needs, running: Running, fresh: Build) =>
  needs.step('the running version can live with the migrations', () =>
    checkMigrations(needs, running, fresh),
  )

const expand = (needs: Needs, running: Running, fresh: Build, pending: string[]) =>
  needs.step('expand the schema', async () => {
    const note = () => noteExpanded(needs, running, fresh, pending)
    // Each commits by itself: of several the first may have been when another fails.
    if (pending.length > 1) await note()
    await migrate(needs, fresh)
    if (pending.length === 1) await note()
  })

const startBeside = async (needs: Needs, running: Running, build: Build) => {
  const { idle, active, containers } = running
  const { step } = needs
  await sayBoth(needs, running, build)
  await step(`start ${idle} beside ${active}`, () => startIdle(needs, running, build))
  await step(`${idle} is ready`, () => waitUntilReady(needs, idle, containers))
  await step(`${idle} searches and prices, asked directly`, () => smokeDirectly(needs, idle, build))
  await putOnPar(needs, idle)
}

const HALF_MS = 3_000

// What nobody in the slice asked for, or not on this connection to the database, is slow once: that comes in two
// parts, each of which there is room for.
const giveHalf = async ({ edge, pause }: Needs, { idle, containers }: Running) => {
  await edge.giveSliceTo(idle, 50, { blue: containers, green: containers })
  await pause(HALF_MS)
}

/** Back to a build that served before, beside the one that serves; that one stays until it is retired. */
export const rollBack = async (needs: Needs, running: Running, to: Build) => {
  const { idle } = running
  await orTakeBack(needs, running, async () => {
    if (await isWarm(needs, running, to)) {
      needs.say(`${to.version} is still warm in ${idle}`)
      await sayBoth(needs, running, to)
      await putOnPar(needs, idle)
    } else await startBeside(needs, running, to)
    await switchOver(needs, running, to, 'leave')
  })
}

const isWarm = async ({ docker }: Needs, { idle, containers }: Running, { id }: Build) => {
  const there = await docker.apiOf(idle)
  const well = there.filter(({ imageId, health }) => imageId === id && health === 'healthy')
  return well.length === containers
}
