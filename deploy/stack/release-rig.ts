import { setTimeout as wait } from 'node:timers/promises'
import { join } from 'node:path'
import { historyOf } from '../release/history.ts'
import { makeBuild, removeBuild, removeBuilds } from './builds.ts'
import { startMixedLoad } from './mixed-load.ts'
import type { MixedLoad } from './mixed-load.ts'
import { runVerb } from './releasing.ts'
import { prepareStack } from './stack.ts'
import type { Stack } from './stack.ts'

/** The product in containers, under load, and builds of it to release. */
export type Rig = Awaited<ReturnType<typeof startRig>>

const services = ['nginx', 'api-blue', 'worker', 'partners', 'prometheus']
const WARM_UP_SECONDS = 8

export const startRig = async (name: string) => {
  const stack = await prepareStack(name)
  const stateFolder = join(stack.folder, 'releases')
  const images: string[] = []
  await stack.compose('build', '--quiet')
  await stack.up(...services)

  return {
    stack,
    /** The product's own image under another name, or with something wrong; its version is returned. */
    build: async (
      version: string,
      more: Omit<Parameters<typeof makeBuild>[0], 'base' | 'version'> = {},
    ) => {
      const unique = `${version}-${stack.project}`
      const image = await makeBuild({ base: 'aeroflash-api:dev', version: unique, ...more })
      images.push(image)
      return unique
    },
    deploy: (version: string, ...words: string[]) =>
      runVerb(stack.settingsFile, stateFolder, 'deploy', '--version', version, ...words),
    /** This tree, built as an engineer has it built. */
    deployTree: (version: string, ...words: string[]) => {
      const unique = `${version}-${stack.project}`
      images.push(`aeroflash-api:${unique}`, `aeroflash-nginx:${unique}`)
      const asked = ['--build', '--version', unique, ...words]
      return { version: unique, ...runVerb(stack.settingsFile, stateFolder, 'deploy', ...asked) }
    },
    rollback: () => runVerb(stack.settingsFile, stateFolder, 'rollback'),
    /** What is remembered of the release that ended last. */
    lastRelease: async () => (await historyOf(stateFolder)).at(-1),
    /** Which version answers through Nginx. */
    serving: async () =>
      ((await (await fetch(`${stack.siteUrl}/api/healthz`)).json()) as { version: string }).version,
    startLoad: async (perSecond?: number): Promise<MixedLoad> => {
      const load = await startMixedLoad(stack.siteUrl, perSecond)
      await wait(WARM_UP_SECONDS * 1000)
      return load
    },
    audit: () => auditWhenDone(stack),
    remove: async () => {
      await stack.remove()
      for (const image of images) await removeBuild(image)
      for (const name of ['api', 'nginx'])
        await removeBuilds(`aeroflash-${name}:kept-${stack.project}-*`)
    },
  }
}

const SETTLED_SECONDS_MAX = 30

/** Green, once the worker has seen to what was under way. */
const auditWhenDone = async (stack: Stack) => {
  const until = Date.now() + SETTLED_SECONDS_MAX * 1000
  for (;;) {
    const findings = await stack.audit().catch((error: Error) => error)
    if (typeof findings === 'string') return findings
    if (Date.now() > until) throw findings
    await wait(2_000)
  }
}
