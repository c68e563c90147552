import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commandOf } from './processes.ts'

/** One AeroFlash a folder. The lock of a process that is gone is taken over. */
export const takeLock = async (folder: string): Promise<() => Promise<void>> => {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'lock')
  const holder = await holderOf(file)
  // A container that starts again gives the same numbers to other processes, and ours to us.
  const isAlive = holder !== process.pid && (await commandOf(holder)).includes('local.ts')
  if (holder > 0 && isAlive) throw alreadyRunning(folder, holder)
  await rm(file, { force: true })
  await writeFile(file, String(process.pid), { flag: 'wx' }).catch(() => {
    throw alreadyRunning(folder, 'just started')
  })
  return async () => {
    if ((await holderOf(file)) === process.pid) await rm(file, { force: true })
  }
}

const holderOf = async (file: string) => Number(await readFile(file, 'utf8').catch(() => 0))

const alreadyRunning = (folder: string, holder: number | string) =>
  new Error(
    `AeroFlash already runs on ${folder} (process ${holder}). Stop it first, or give this one ` +
      'its own: AEROFLASH_DATA=.aeroflash-2 PORT=8081 METRICS_PORT=9465 npm start',
  )
