// Sent into a container of a version, as it is: its code and migrations as JSON.
import { readFile, readdir } from 'node:fs/promises'

const isWanted = (path: string) =>
  (path.endsWith('.ts') && !path.endsWith('.test.ts')) || /migrations\/.*\.sql$/.test(path)

const names = await readdir('app/backend', { recursive: true })
const sources = names
  .filter(isWanted)
  .map(async (path) => ({ path, text: await readFile(`app/backend/${path}`, 'utf8') }))
process.stdout.write(JSON.stringify(await Promise.all(sources)))
