import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { casc } from './casc-schema.ts'

export const folder = fileURLToPath(new URL('.', import.meta.url))
export const readText = (path: string) => readFile(join(folder, path), 'utf8')

export const readPlugins = async () =>
  (await readText('plugins.txt'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', version = ''] = line.split(':')
      return { name, version }
    })

/** Configuration as Code: every file of casc/, checked, and what others ask about it. */
export const readCasc = async () => {
  const names = (await readdir(join(folder, 'casc'))).toSorted()
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readText(`casc/${name}`) })),
  )
  const parts = files.map(({ name, text }) => {
    const checked = casc.safeParse(parse(text))
    if (!checked.success) throw new Error(`casc/${name}: ${checked.error.message}`)
    return checked.data
  })
  const nodes = parts.flatMap((part) => part.jenkins?.nodes ?? [])
  const realm = parts.flatMap((part) => part.jenkins?.securityRealm?.local.users ?? [])
  const domains = parts.flatMap((part) => part.credentials?.system.domainCredentials ?? [])
  return {
    files,
    parts,
    nodes,
    users: realm.map(({ id }) => id),
    passwords: realm.map(({ password }) => password),
    labels: nodes.map(({ permanent }) => permanent.labelString),
    credentials: domains
      .flatMap((domain) => domain.credentials)
      .flatMap((one) => Object.values(one)),
    credentialIds: domains
      .flatMap((domain) => domain.credentials)
      .flatMap((one) => Object.values(one).map(({ id }) => id)),
  }
}
