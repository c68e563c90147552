import { Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { pinoLoki } from 'pino-loki'
import type { LokiOptions } from 'pino-loki'
import { openDelivery } from './delivery.ts'
import type { Progress } from './delivery.ts'
import { createPacker } from './parcels.ts'
import type { Pushed } from './parcels.ts'

export type TransportOptions = {
  host: string
  basicAuth?: { username: string; password: string }
  service: string
  env: string
  instance: string
  bytesMax: number
  /** How long ending may take. */
  flushMs: number
}

/** What a line is found by besides its labels. It stands beside the line, and not in it once more. */
const found = ['request_id', 'trace_id', 'version', 'booking_reference']

const INTERVAL_SECONDS = 0.25
const ATTEMPT_MS = 5_000
/**
 * What pino-loki may hold until its next push: as objects a line is ten times its size, and the thread
 * has little memory. What comes meanwhile waits with the main thread, which has a bound of its own.
 */
const HELD_CHARACTERS_MAX = 2_000_000
const PIECE_CHARACTERS = 256_000

const postWith = globalThis.fetch
type Push = { headers: Record<string, string>; body: string }

/**
 * Runs in a thread of its own. pino-loki 3.0.0 makes of each line what Loki wants, and sends it once:
 * what does not arrive is lost. So its sending is taken over: grouped, gzipped, bounded, and tried again.
 */
const openTransport = ({ flushMs, bytesMax, ...about }: TransportOptions) => {
  let request: { url: string; headers: Record<string, string> } = { url: '', headers: {} }
  const { add, hurry, end } = openDelivery({
    bytesMax,
    tell: tellMain,
    post: async (body, ending) => {
      const answer = await postWith(request.url, {
        method: 'POST',
        headers: { ...request.headers, 'Content-Encoding': 'gzip' },
        body: new Uint8Array(body),
        signal: AbortSignal.any([ending, AbortSignal.timeout(ATTEMPT_MS)]),
      })
      await answer.arrayBuffer()
      return answer.status
    },
  })

  // Small beside the bound, which therefore holds whatever is on its way.
  const charactersMax = Math.min(1_000_000, bytesMax / 4)
  const pack = createPacker({ instance: about.instance, charactersMax })
  const held = { lines: 0, characters: 0, isPushed: Promise.withResolvers<void>() }
  const pushed = (lines: number) => {
    held.lines -= lines
    held.characters = 0
    held.isPushed.resolve()
    held.isPushed = Promise.withResolvers()
  }

  globalThis.fetch = (async (url: URL, { headers, body }: Push) => {
    request = { url: url.href, headers }
    const { streams } = JSON.parse(body) as { streams: Pushed[] }
    for (const parcel of pack(streams)) add(parcel)
    pushed(streams.length)
    return { ok: true }
  }) as unknown as typeof fetch

  const loki = pinoLoki(optionsOf(about))
  loki.on('unknown', () => pushed(1))

  const feed = async (text: string) => {
    for (const piece of piecesOf(text)) {
      held.lines += piece.split('\n').length - 1
      held.characters += piece.length
      await new Promise((taken) => loki.write(piece, taken))
      if (held.characters > HELD_CHARACTERS_MAX) await held.isPushed.promise
    }
  }

  let flushedUntil = Infinity
  const flush = async () => {
    flushedUntil = Date.now() + flushMs
    while (held.lines > 0 && Date.now() < flushedUntil)
      await Promise.race([held.isPushed.promise, wait(INTERVAL_SECONDS * 1000)])
    await hurry(Math.max(0, flushedUntil - Date.now()))
  }

  const stream = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      void feed(text).then(() => done())
    },
    final(done) {
      // Who flushed before has waited already.
      const rest = Math.min(flushMs, Math.max(0, flushedUntil - Date.now()))
      loki.once('close', () => void end(rest).then(() => done()))
      loki.end()
    },
  })
  return Object.assign(stream, { flush })
}

/** At the ends of lines, so that no character is cut in two. */
const piecesOf = (text: string) => {
  const pieces: string[] = []
  for (let from = 0; from < text.length;) {
    const to = text.indexOf('\n', from + PIECE_CHARACTERS) + 1 || text.length
    pieces.push(text.slice(from, to))
    from = to
  }
  return pieces
}

const optionsOf = ({
  host,
  basicAuth,
  service,
  env,
}: Omit<TransportOptions, 'flushMs' | 'bytesMax'>): LokiOptions => ({
  host,
  ...(basicAuth && { basicAuth }),
  labels: { service_name: service, env },
  // These become labels, of which the packer keeps the level; the others it makes metadata.
  propsToLabels: ['level', ...found],
  structuredMetaKey: false,
  batching: { interval: INTERVAL_SECONDS, maxBufferSize: 0 },
  silenceErrors: true,
  logFormat: ({
    level,
    lokilevel,
    time,
    service,
    request_id,
    trace_id,
    version,
    booking_reference,
    ...line
  }) => JSON.stringify(line),
})

// thread-stream's way to emit an event on the main thread's side.
const tellMain = (progress: Progress): void =>
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ code: 'EVENT', name: 'shipped', args: [progress] })

// pino loads a transport by its default export.
// oxlint-disable-next-line import/no-default-export
export default openTransport
