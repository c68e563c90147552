import { isCompose, readOrder } from '../order.ts'
import { dockerOf } from '../release/docker.ts'
import { edgeOf } from '../release/edge.ts'
import { run } from '../release/command.ts'
import { badBuilds, makeBuild } from './builds.ts'
import { startMixedLoad } from './mixed-load.ts'
import { runVerb } from './releasing.ts'

/**
 * `node deploy/stack/break.ts errs`: releases a build of what runs here that is wrong in a real way, under
 * some load, so that you can watch it take itself back.
 */
const migrations: Record<string, string> = {
  'no-migration': 'create table offers.broken (id uuid references offers.no_such_table);',
  'takes-away': 'alter table seats.units drop column position;',
}
const known = [...badBuilds, ...Object.keys(migrations)]

// Who comes from one address is slowed down: each unit has one of its own only where Nginx is told to believe it.
const REQUESTS_PER_SECOND = 40

const main = async () => {
  const [kind = '', ...words] = process.argv.slice(2)
  if (!known.includes(kind)) throw new Error(`Which: ${known.join(', ')}?`)
  const { environment } = readOrder(['local'], process.env)
  if (!isCompose(environment)) throw new Error('On this machine alone.')
  const docker = dockerOf(environment)
  const { active } = await edgeOf(environment, docker).slot()
  const [running] = await docker.apiOf(active)
  if (!running) throw new Error('Nothing runs: docker compose up first.')

  const bad = badBuilds.find((one) => one === kind)
  const migration = migrations[kind]
  const version = `broken-${kind}`
  await run('docker', ['tag', running.imageId, 'aeroflash-api:before-breaking'])
  await makeBuild({
    base: 'aeroflash-api:before-breaking',
    version,
    ...(bad && { bad }),
    ...(migration && { migration }),
  })
  const load = await startMixedLoad(environment.siteUrl, REQUESTS_PER_SECOND)
  const { child, ended } = runVerb(
    environment.settingsFile,
    environment.stateFolder,
    'deploy',
    '--version',
    version,
    ...words,
  )
  for (const stream of [child.stdout, child.stderr]) stream.pipe(process.stdout)
  const { code } = await ended
  await load.stop()
  process.stdout.write(
    `${load.samples.length} requests meanwhile, ${load.samples.filter(({ failure }) => failure).length} failed; ${load.bookings.paid} of ${load.bookings.begun} bookings paid\n`,
  )
  process.exitCode = code ?? 1
}

await main().catch(({ message }: Error) => {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
})
