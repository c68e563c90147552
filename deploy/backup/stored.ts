import { existsSync, readFileSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { repository } from './compose.ts'

/** What is known of a backup without its key. */
export type About = {
  takenAt: string
  /** From then on a database recovered from it is whole. */
  finishedAt?: string
  /** The version that took it, whose migrations the data is of. */
  commit: string
  /** The first file of the database's log that a recovery from it needs. */
  firstWal: string
  bytes: number
}

export type Settings = { file: string; folder: string; key: string; values: Record<string, string> }

/** Where backups go and what they are encrypted with, as .env and the environment say. */
export const readSettings = (file = process.env.SETTINGS_FILE || '.env'): Settings => {
  const path = resolve(repository, file)
  const values = existsSync(path)
    ? (parseEnv(readFileSync(path, 'utf8')) as Record<string, string>)
    : {}
  const key = process.env.BACKUP_KEY || values.BACKUP_KEY
  if (!key)
    throw new Error(`BACKUP_KEY is neither set nor in ${path}: without it a backup is noise.`)
  const folder = resolve(repository, process.env.BACKUPS || values.BACKUPS || 'backups')
  return { file: path, folder, key, values }
}

/** The names of the backups there are, the oldest first. */
export const listBackups = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => existsSync(join(folder, name, 'about.json'))).toSorted()
}

export const findBackup = async (folder: string, asked = 'latest'): Promise<string> => {
  const names = await listBackups(folder)
  const name = asked === 'latest' ? names.at(-1) : basename(asked)
  if (!name || !names.includes(name))
    throw new Error(
      `There is no backup ${asked} in ${folder}${names.length > 0 ? `; there are ${names.join(', ')}` : ''}.`,
    )
  return join(folder, name)
}

export const readAbout = async (backup: string) =>
  JSON.parse(await readFile(join(backup, 'about.json'), 'utf8')) as About
