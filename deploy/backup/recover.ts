import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { provideBaseImages } from '../base-images.ts'
import { writeEnvironment } from '../env.ts'
import { writeSettings } from '../release/settings-file.ts'
import { composeOf } from './compose.ts'
import { accept, arrival, audit, fillArchive, layOut, startRestored } from './database.ts'
import { unseal } from './sealed.ts'
import { findBackup, readSettings } from './stored.ts'
import { refuseAbandoned } from './timelines.ts'

const USAGE = `BACKUP_KEY=… BACKUPS=folder npm run recover -- [backup|latest]

  From a copy of this repository, a folder of backups and their key to serving again. It takes the
  settings out of the backup where there is no .env, and refuses where there is a database already.`

type Asked = {
  asked: string | undefined
  /** All of them, unless some are named. */
  services: string[]
  /** Builds the images as on a machine that never has. */
  anew: boolean
}

type Step = { what: string; seconds: number }

/** A machine that has nothing but the repository, a backup and its key: serving again. */
const recover = async ({ asked, services, anew }: Asked) => {
  const steps: Step[] = []
  const timed = async <Result>(what: string, work: () => Promise<Result>) => {
    const startedAt = performance.now()
    const result = await work()
    steps.push({ what, seconds: (performance.now() - startedAt) / 1000 })
    return result
  }

  const { folder, key, file } = readSettings()
  const backup = await findBackup(folder, asked)
  await timed('settings', async () => {
    if (!existsSync(file)) await takeSettings(join(backup, 'settings.sealed'), key, file)
    writeEnvironment(file)
  })
  // It may have been sealed in the middle of a release: here all are of this one tree.
  const built = readSettings(file).values.MIGRATE_IMAGE || 'aeroflash-api:dev'
  const [API_BLUE_IMAGE, API_GREEN_IMAGE, WORKER_IMAGE] = [built, built, built]
  await writeSettings(file, { API_BLUE_IMAGE, API_GREEN_IMAGE, WORKER_IMAGE })
  const settings = readSettings(file)
  const compose = composeOf(file)
  const volumes = await compose.run(['ps', '--all', '--quiet', 'db'])
  if (volumes !== '') throw new Error(`There is a database here already.\n\n${USAGE}`)

  await timed('images', async () => {
    provideBaseImages()
    await compose.run(['build', '--quiet', ...(anew ? ['--no-cache'] : [])])
  })
  await timed('data laid out', async () => {
    await fillArchive(compose, folder, backup, key)
    await refuseAbandoned(compose, backup)
    await layOut(compose, backup, key, { to: 'latest', timeline: 'latest' })
  })
  const arrived = await timed('database recovered', async () => {
    await startRestored(compose, settings.values.POSTGRES_PASSWORD!)
    // It serves from here on, whatever is found out later.
    await accept(compose)
    return arrival(compose)
  })
  await timed('everything else', () =>
    compose.run(['up', '--detach', '--no-build', '--wait', ...services]),
  )
  await timed('audited', () => audit(compose))
  return { steps, arrived }
}

// All of them or nothing: where there is a file, settings that it lacks are made up.
const takeSettings = async (sealed: string, key: string, file: string) => {
  const part = `${file}.part`
  try {
    const target = (await open(part, 'w', 0o600)).createWriteStream()
    await unseal(sealed, key, target)
    await finished(target.end())
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

const main = async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      'no-cache': { type: 'boolean', default: false },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return console.log(USAGE)
  const services = values.only?.split(',') ?? []
  const { steps, arrived } = await recover({
    asked: positionals[0],
    services,
    anew: values['no-cache'],
  })
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0)
  if (values.json) return console.log(JSON.stringify({ total, steps, arrived }))
  for (const { what, seconds } of [...steps, { what: 'serving again', seconds: total }])
    console.log(`${what.padEnd(24)}${seconds.toFixed(1)} s`)
  console.log(arrived)
}

if (import.meta.main)
  await main().catch(({ message }: Error) => {
    console.error(message)
    process.exitCode = 1
  })
