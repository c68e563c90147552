import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('..', import.meta.url))
const standInMaker = join(repository, '../shared/tools/base-images')

/** The stand-in that can be made of each image, and the variable that gives it our tag. */
const standIns: Record<string, { name: string; variable: string }> = {
  node: { name: 'node', variable: 'NODE_TAG' },
  nginx: { name: 'nginx', variable: 'NGINX_TAG' },
  postgres: { name: 'postgres', variable: 'POSTGRES_TAG' },
  'prom/prometheus': { name: 'prometheus', variable: 'PROMETHEUS_TAG' },
  'prom/alertmanager': { name: 'alertmanager', variable: 'ALERTMANAGER_TAG' },
  'prom/node-exporter': { name: 'node-exporter', variable: 'NODE_EXPORTER_TAG' },
  'quay.io/prometheuscommunity/postgres-exporter': {
    name: 'postgres-exporter',
    variable: 'POSTGRES_EXPORTER_TAG',
  },
  'nginx/nginx-prometheus-exporter': { name: 'nginx-exporter', variable: 'NGINX_EXPORTER_TAG' },
}

/** Stand-ins are made of this one; another Debian is the same to what we build on it. */
const STAND_IN_DEBIAN = 'debian:forky-slim'

const dockerfiles = ['app/backend/Dockerfile', 'app/frontend/Dockerfile', 'app/postgres/Dockerfile']

/** Every image of somebody else's that the stack is made of, as the files pin them. */
export const pinnedImages = (): string[] => {
  const stages = dockerfiles.flatMap((file) =>
    matches(file, /(?:^FROM |--from=)(\S+)(?: AS (\S+))?/gm),
  )
  const ours = new Set(stages.map(([, , stage]) => stage))
  const bases = stages.map(([, image]) => image!).filter((image) => !ours.has(image))
  const services = matches('docker-compose.yml', /^ +image: ([^$\s]+)$/gm).map(
    ([, image]) => image!,
  )
  const foreign = services.filter((image) => !image.startsWith('aeroflash-'))
  return [...new Set([...bases, ...foreign])].filter((image) => image.includes(':')).toSorted()
}

const matches = (file: string, pattern: RegExp) => [
  ...readFileSync(join(repository, file), 'utf8').matchAll(pattern),
]

const run = (command: string, words: string[], environment: Record<string, string> = {}) =>
  spawnSync(command, words, { stdio: 'inherit', env: { ...process.env, ...environment } })
    .status === 0

export const isHere = (image: string) =>
  spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status === 0

// Of those that are there already it makes none anew.
const makeStandIns = (images: string[]) => {
  const made = images.flatMap((image) => {
    const standIn = standIns[image.replace(/:[^:]*$/, '')]
    return standIn ? [{ ...standIn, image }] : []
  })
  const tags = Object.fromEntries(made.map(({ variable, image }) => [variable, image]))
  run('bash', [standInMaker, ...made.map(({ name }) => name)], tags)
  for (const image of images.filter((image) => image.startsWith('debian:')))
    run('docker', ['tag', STAND_IN_DEBIAN, image])
}

/**
 * `npm run images:base`: what the stack is built on, pulled; or, where no registry can be reached and
 * the maker of stand-ins is beside the repository, made by it. Says what is still missing.
 */
export const provideBaseImages = () => {
  const hasMaker = existsSync(standInMaker)
  if (hasMaker && !run('bash', [standInMaker, 'engine'])) return fail('Docker does not start here.')
  const missing = pinnedImages().filter((image) => !isHere(image))
  if (missing.length > 0 && hasMaker) makeStandIns(pinnedImages())
  else for (const image of missing) run('docker', ['pull', '--quiet', image])

  const without = pinnedImages().filter((image) => !isHere(image))
  if (without.length > 0) console.warn(`Not to be had here: ${without.join(', ')}`)
  const needed = without.filter((image) => !image.startsWith('grafana/'))
  if (needed.length > 0) fail('The stack cannot be built without these.')
}

const fail = (message: string) => {
  console.error(message)
  process.exitCode = 1
}

if (import.meta.main) provideBaseImages()
