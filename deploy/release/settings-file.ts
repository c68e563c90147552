import { readFile, rename, stat, writeFile } from 'node:fs/promises'

/** Sets these lines of a .env, leaves all others, and replaces the file at once. */
export const writeSettings = async (file: string, settings: Record<string, string>) => {
  const before = await readFile(file, 'utf8')
  const left = new Map(Object.entries(settings))
  const lines = before.split('\n').map((line) => {
    const name = /^([A-Z_]+)=/.exec(line)?.[1] ?? ''
    const value = left.get(name)
    if (value === undefined) return line
    left.delete(name)
    return `${name}=${value}`
  })
  const more = [...left].map(([name, value]) => `${name}=${value}`)
  const text = `${[lines.join('\n').trimEnd(), ...more].join('\n')}\n`
  await writeFile(`${file}.new`, text, { mode: (await stat(file)).mode })
  await rename(`${file}.new`, file)
}
