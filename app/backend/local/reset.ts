import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stopLeftover } from './postgres-process.ts'

/** Removes what `npm start` keeps, by name: the folder may be anybody's. */
export const removeData = async (folder: string): Promise<void> => {
  await stopLeftover(join(folder, 'postgres', 'data'))
  for (const name of ['postgres', 'logs', 'secrets.json'])
    await rm(join(folder, name), { recursive: true, force: true })
}

/** Logs are of one run: they would grow for ever otherwise. */
export const emptyLogs = async (folder: string): Promise<string> => {
  const logs = join(folder, 'logs')
  await rm(logs, { recursive: true, force: true })
  await mkdir(logs, { recursive: true })
  return logs
}
