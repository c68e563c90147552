import { readFile } from 'node:fs/promises'
import type { Container } from './docker.ts'
import type { Build } from './history.ts'
import type { Needs, Running } from './needs.ts'
import type { Colour } from './slot.ts'
import { showWarmUp, underWay } from './under-way.ts'

const LOOK_MS = 500
const READY_MS_MAX = 1_000
/**
 * Several at once, so that each process has connections to the database open, and its statements known there; and
 * often, because what has not been asked for some hundred times is not compiled yet, and then slow for those in the slice.
 */
const WARM_UP = { times: 20, atOnce: 5 }
const SMOKE_SECONDS_MAX = 60
const STOP_SECONDS = 30

export const imageOf = (colour: Colour) => `API_${colour.toUpperCase()}_IMAGE`
export const replicasOf = (colour: Colour) => `API_${colour.toUpperCase()}_REPLICAS`

/** Of the processor, where it is short: who does not serve must not be felt by those who are served. */
const SHARES_ASIDE = '256'
const SHARES = '1024'

/** A container and its process take a core for as long to begin: one after another leaves the others to those served. */
const APART_MS = 1_000

/** Starts it in the idle colour, as many as serve now, beside them and without any traffic. */
export const startIdle = async (needs: Needs, { idle, containers }: Running, { image }: Build) => {
  const { docker } = needs
  const service = `api-${idle}`
  const scale = ['--scale', `${service}=${containers}`]
  const environment = { [imageOf(idle)]: image, [replicasOf(idle)]: String(containers) }
  const made = [
    'up',
    '--no-start',
    '--no-deps',
    '--no-build',
    '--force-recreate',
    ...scale,
    service,
  ]
  await docker.compose(made, { environment })
  await shareProcessor(needs, idle, SHARES_ASIDE)
  for (const [started, { id }] of (await docker.apiOf(idle)).entries()) {
    if (started > 0) await needs.pause(APART_MS)
    await docker.docker(['start', id])
  }
}

const shareProcessor = async ({ docker }: Needs, colour: Colour, shares: string) => {
  const ids = (await docker.apiOf(colour)).map(({ id }) => id)
  await docker.docker(['update', '--cpu-shares', shares, ...ids])
}

/** As much of the processor as the other colour has. */
export const putOnPar = (needs: Needs, colour: Colour) => shareProcessor(needs, colour, SHARES)

/** Comes back when each is healthy; throws what they say when one is not in time. */
export const waitUntilReady = async (needs: Needs, colour: Colour, containers: number) => {
  const { docker, environment, pause } = needs
  const until = Date.now() + environment.readySeconds * 1000
  for (;;) {
    const now = await docker.apiOf(colour)
    const ready = (await Promise.all(now.map(isReady))).filter(Boolean)
    if (ready.length === containers) return
    const [dead] = now.filter(isGone)
    const late = Date.now() > until
    if (dead || late) {
      const what = dead ? deathOf(dead) : `after ${environment.readySeconds} s`
      const counted = `${ready.length} of ${containers} containers of ${colour} are ready ${what}`
      throw new Error(`${counted}: ${await lastWords(needs, dead ?? now[0])}`)
    }
    await pause(LOOK_MS)
  }
}

// Asked directly, where the host reaches it: Docker looks once in five seconds.
const isReady = async ({ state, health, address }: Container) => {
  if (state !== 'running') return false
  const signal = AbortSignal.timeout(READY_MS_MAX)
  const answer = await fetch(`http://${address}:3000/api/readyz`, { signal }).catch(() => undefined)
  return answer ? answer.ok : health === 'healthy'
}

const isGone = ({ state, restarts }: Container) =>
  restarts > 1 || state === 'exited' || state === 'dead'
const deathOf = ({ state, restarts }: Container) => `(${state}, restarted ${restarts} times)`

const lastWords = async ({ docker }: Needs, container: Container | undefined) => {
  if (!container) return 'there is none'
  const program = `const answer = await fetch('http://127.0.0.1:3000/api/readyz')
    process.stdout.write('readyz: ' + answer.status + ' ' + (await answer.text()))`
  const said = await docker.runBeside(container, program, [], 10).catch(() => '')
  if (said) return said
  const log = await docker.docker(['logs', '--tail', '3', container.id]).catch(() => '')
  return log.trim().slice(-400) || 'it says nothing'
}

/** Each of them sells, or would: asked directly, past Nginx; many times, which warms it up. */
export const smokeDirectly = async (needs: Needs, colour: Colour, { version }: Build) => {
  const { docker } = needs
  const program = await readFile(new URL('../smoke.ts', import.meta.url), 'utf8')
  const containers = await docker.apiOf(colour)
  const manner = ['--times', String(WARM_UP.times), '--at-once', String(WARM_UP.atOnce)]
  const urls = containers.map(({ address }) => `http://${address}:3000`)
  const args = ['--api', '--version', version, ...manner, ...urls]
  await docker.runBeside(containers[0]!, program, args, SMOKE_SECONDS_MAX)
  for (const container of containers) await showWarmUp(needs, container)
}

/** Why this colour cannot be trusted, whatever its figures say. */
export const whatDied = async ({ docker }: Needs, colour: Colour, containers: number) => {
  const now = await docker.apiOf(colour)
  const well = now.filter(
    ({ state, health, restarts }) =>
      state === 'running' && health !== 'unhealthy' && restarts === 0,
  )
  if (well.length === containers) return undefined
  const states = now.map(
    ({ state, health, restarts }) => `${state}, ${health}, ${restarts} restarts`,
  )
  return `${containers - well.length} of ${containers} containers of ${colour} are not well (${states.join('; ')})`
}

const STREAMS_END_MS = 3_000

/**
 * Ends its streams in order; browsers open them anew where the traffic is. As warm as it is, it can take over
 * again at once. What does not do so when told (app/backend/api.ts) is begun anew: a version that does not know the
 * signal, or a container that has died meanwhile.
 */
export const keepWarm = async (needs: Needs, colour: Colour) => {
  const { docker } = needs
  await shareProcessor(needs, colour, SHARES_ASIDE)
  const containers = await docker.apiOf(colour)
  for (const container of containers)
    if (!(await endsStreams(needs, container).catch(() => false)))
      await docker.docker(['restart', '--timeout', String(STOP_SECONDS), container.id])
}

const endsStreams = async (needs: Needs, container: Container) => {
  // From inside: who is sent a signal by `docker kill` is never started again by itself.
  await needs.docker.docker(['exec', container.id, 'bash', '-c', 'kill -USR2 1'])
  const until = Date.now() + STREAMS_END_MS
  while (Date.now() < until) {
    const { streams } = await underWay(needs, container)
    if (streams === 0) return true
    await needs.pause(LOOK_MS)
  }
  return false
}

export const remove = async ({ docker }: Needs, colour: Colour) => {
  await docker.compose(['stop', '--timeout', String(STOP_SECONDS), `api-${colour}`])
  await docker.compose(['rm', '--force', `api-${colour}`])
}

const WORKER_SECONDS_MAX = 60

/** Replaces the worker, unless it is of that build; what it was cut off in, the next one does again. */
export const releaseWorker = async ({ docker }: Needs, { id, image }: Build) => {
  const [now] = await docker.containersOf('worker')
  if (now?.imageId === id && now.state === 'running') return
  await docker.compose(
    [
      'up',
      '-d',
      '--no-deps',
      '--no-build',
      '--wait',
      '--wait-timeout',
      String(WORKER_SECONDS_MAX),
      'worker',
    ],
    { environment: { WORKER_IMAGE: image }, timeoutSeconds: WORKER_SECONDS_MAX + 30 },
  )
}
