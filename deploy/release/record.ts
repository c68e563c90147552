import { hostname, userInfo } from 'node:os'
import { historyOf, remember } from './history.ts'
import type { Build, Entry } from './history.ts'
import { keep } from './kept.ts'
import { lookAround } from './look-around.ts'
import { mark } from './mark.ts'
import type { Needs, Running } from './needs.ts'

/** What serves now, by names that stay, and with the site that came with it. */
export const knownFrom = async (needs: Needs): Promise<Running> => {
  const running = await lookAround(needs)
  const { build } = running
  const history = await historyOf(needs.environment.stateFolder)
  const known = history.findLast(({ id, site }) => id === build.id && site !== undefined)
  const [nginx] = await needs.docker.containersOf('nginx')
  const site = known?.site ?? nginx?.imageId
  return { ...running, build: await keep(needs, { ...build, ...(site && { site }) }) }
}

const served = new Set<Entry['result']>(['live', 'rolled back'])

/** The first version came by docker compose up; going back leads there as well. */
export const noteWhatServed = async ({ environment }: Needs, { build }: Running) => {
  const history = await historyOf(environment.stateFolder)
  const isKnown = history.some(({ id, result }) => id === build.id && served.has(result))
  if (isKnown) return
  await remember(environment.stateFolder, {
    ...build,
    at: new Date().toISOString(),
    environment: environment.name,
    result: 'live',
    previous: '',
    by: 'docker compose',
    seconds: 0,
    why: 'found serving',
  })
}

/** What a contract in it took away stays away, for every version that may serve later. */
export const noteExpanded = (
  { environment }: Needs,
  { build }: Running,
  fresh: Build,
  migrations: string[],
) =>
  remember(environment.stateFolder, {
    ...fresh,
    at: new Date().toISOString(),
    environment: environment.name,
    result: 'expanded',
    previous: build.version,
    by: byWhom(),
    seconds: 0,
    why: migrations.join(', '),
  })

const byWhom = () => process.env.BUILD_URL || `${userInfo().username}@${hostname()}`

/** How it ended, for the history and the dashboards. */
export const recordOf =
  ({ environment, say }: Needs, { build }: Running, fresh: Build, startedAt: number) =>
  async (result: Entry['result'], why: string) => {
    const entry: Entry = {
      ...fresh,
      at: new Date().toISOString(),
      environment: environment.name,
      result,
      previous: build.version,
      by: byWhom(),
      seconds: Math.round((Date.now() - startedAt) / 1000),
      why,
    }
    await remember(environment.stateFolder, entry)
    await mark(environment, entry, say)
  }
