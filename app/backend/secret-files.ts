import { readFileSync } from 'node:fs'

type Environment = Record<string, string | undefined>

/** Takes each of these names that is not set from the file that NAME_FILE names, as secrets come. */
export const withSecretFiles = (environment: Environment, names: string[]): Environment => {
  const given = { ...environment }
  const unreadable: string[] = []
  for (const name of names) {
    const file = environment[`${name}_FILE`]
    if (!file || environment[name]) continue
    try {
      given[name] = readFileSync(file, 'utf8').trim()
    } catch {
      unreadable.push(`  ${name}_FILE names ${file}, which cannot be read`)
    }
  }
  if (unreadable.length > 0)
    throw new Error(`These secrets are not there:\n${unreadable.join('\n')}`)
  return given
}
