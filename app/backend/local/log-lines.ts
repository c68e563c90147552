import { open, readFile } from 'node:fs/promises'

const levels: Record<string, string> = { 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }
const alarming = new Set(['warn', 'error', 'fatal'])

type Line = {
  level?: string | number
  msg?: string
  reason?: string
  err?: { message?: string }
}

/** Prints warnings and errors of a growing log to the terminal, until the returned function is called. */
export const echoWarnings = (name: string, logFile: string) => {
  let offset = 0
  let rest = ''
  const read = async () => {
    const added = await readFrom(logFile, offset)
    offset += added.length
    const lines = (rest + added.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const entry = entryOf(line)
      if (entry && alarming.has(levelOf(entry))) console.error(`${name}: ${readable(line)}`)
    }
  }
  const timer = setInterval(() => void read().catch(() => undefined), 300)
  return () => clearInterval(timer)
}

/** The end of a log, as a person reads it. */
export const lastLines = async (logFile: string, count = 12): Promise<string> => {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines
    .slice(-count)
    .map((line) => `  ${readable(line)}`)
    .join('\n')
}

const readFrom = async (file: string, offset: number) => {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - offset)), {
      position: offset,
    })
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

const entryOf = (line: string): Line | undefined => {
  try {
    return line.startsWith('{') ? (JSON.parse(line) as Line) : undefined
  } catch {
    return undefined
  }
}

const levelOf = ({ level = '' }: Line) => levels[level] ?? String(level)

const readable = (line: string) => {
  const entry = entryOf(line)
  if (!entry) return line
  const why = entry.err?.message ?? entry.reason
  return `${levelOf(entry)} ${entry.msg ?? ''}${why ? ` (${why})` : ''}`
}
