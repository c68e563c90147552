import { rm } from 'node:fs/promises'
import { stopLeftover } from './postgres-process.ts'

// Outlives the process that started the database: when that ends without a word, however it ends, its
// pipe closes, and the database is stopped. A throw-away folder goes with it.
const [data, throwAway] = process.argv.slice(2) as [string, string?]
let pid = 0

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)

process.stdin
  .setEncoding('utf8')
  .on('data', (words: string) => {
    const last = words.trim().split('\n').at(-1)
    if (last === 'done') process.exit(0)
    pid = Number(last)
  })
  .once('close', async () => {
    await stopLeftover(data, pid)
    if (throwAway) await rm(throwAway, { recursive: true, force: true, maxRetries: 5 })
  })
