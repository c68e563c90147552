import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSettings } from '../local/settings.ts'

type Environment = Record<string, string | undefined>

/** Where the embedded database of `npm start` listens, while it runs. */
export const localDatabaseUrl = async (environment: Environment): Promise<string> => {
  const folder = join(readSettings([], environment).AEROFLASH_DATA, 'postgres')
  const [password, pidFile] = await Promise.all([
    readFile(join(folder, 'password'), 'utf8'),
    readFile(join(folder, 'data', 'postmaster.pid'), 'utf8'),
  ]).catch(() => {
    throw new Error('npm start is not running here. Start it, or set DATABASE_URL.')
  })
  // As PostgreSQL writes it: pid, data folder, start time, port.
  const port = pidFile.split('\n')[3]
  return `postgres://aeroflash:${password}@127.0.0.1:${port}/aeroflash`
}
