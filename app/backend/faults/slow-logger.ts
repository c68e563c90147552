import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, gzipSync } from 'node:zlib'
import type { Fault, Subjects } from './fault.ts'

const FILE_BYTES = 4_500_000
const best = { level: constants.Z_BEST_COMPRESSION }

/** A destination that is safe and thrifty, and does all of it while everybody waits. */
export const slowLogger = ({ logTo }: Subjects): Fault => ({
  to: 'process',
  begin: async () => {
    const { write } = logTo
    const file = openLogFile()
    logTo.write = (line) => {
      file.append(line)
      return write.call(logTo, line)
    }
    return () => {
      logTo.write = write
      file.close()
    }
  },
})

/** Its file is as full as one is at the end of a day. */
const openLogFile = () => {
  const folder = mkdtempSync(join(tmpdir(), 'aeroflash-slow-log-'))
  const file = openSync(join(folder, 'api.log'), 'a')
  const archive = openSync(join(folder, 'api.log.gz'), 'w')
  // Nameless from here on: whatever ends this process, no file of it stays.
  rmSync(folder, { recursive: true, force: true })
  let lines = yesterday()
  return {
    append: (line: string) => {
      lines = (lines + line).slice(-FILE_BYTES)
      writeSync(file, line)
      fsyncSync(file)
      writeSync(archive, gzipSync(lines, best), 0, undefined, 0)
    },
    close: () => {
      closeSync(file)
      closeSync(archive)
    },
  }
}

const yesterday = () => {
  const lines: string[] = []
  for (let bytes = 0; bytes < FILE_BYTES; bytes += lines.at(-1)!.length)
    lines.push(lineOf(lines.length))
  return lines.join('')
}

const lineOf = (n: number) => {
  const request_id = createHash('md5').update(String(n)).digest('hex')
  const route = '/api/flights'
  return `${JSON.stringify({ level: 'info', time: n * 37, msg: 'request', request_id, route, dur_ms: n % 97 })}\n`
}
