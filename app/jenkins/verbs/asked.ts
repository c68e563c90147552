import { readFileSync } from 'node:fs'

/** What a verb was asked: words, and whether it should only say what it would do. */
export type Asked = {
  words: string[]
  dry: boolean
  settings: Record<string, string | undefined>
}

/** `-- --dry` by hand; DRY_RUN=1 for the test that tries every verb of the Jenkinsfile. */
export const readAsked = (): Asked => {
  const words = process.argv.slice(2)
  return {
    words: words.filter((word) => word !== '--dry'),
    dry: words.includes('--dry') || process.env.DRY_RUN === '1',
    settings: process.env,
  }
}

/** A setting, or the content of the file that `NAME_FILE` points at, so that no secret need be a variable. */
export const secret = ({ settings }: Asked, name: string): string | undefined => {
  const file = settings[`${name}_FILE`]
  if (settings[name] || !file) return settings[name]
  return readFileSync(file, 'utf8').trim()
}

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Runs the verb; a refusal is one sentence on stderr and exit 1, without a stack that nobody asked for. */
export const verb = async (work: (asked: Asked) => Promise<void> | void) => {
  try {
    await work(readAsked())
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
