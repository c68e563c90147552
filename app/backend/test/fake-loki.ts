import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { listening, portOf } from '../process.ts'

export type Entry = {
  labels: Record<string, string>
  time: string
  line: Record<string, unknown> & { msg?: string }
  metadata: Record<string, string>
}

export type Push = { headers: IncomingMessage['headers']; bytes: number; entries: Entry[] }

/** What it answers: a status, or nothing at all, ever. */
type Manner = number | 'hang'

type Streams = {
  streams: {
    stream: Record<string, string>
    values: [string, string, Record<string, string>][]
  }[]
}

/** Loki's door for pushed lines, over real HTTP. It can be out, on strike or asleep. */
export const startFakeLoki = async (port = 0) => {
  const pushes: Push[] = []
  const refused: Push[] = []
  let manner: Manner = 204

  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request)
    const isZipped = request.headers['content-encoding'] === 'gzip'
    const text = (isZipped ? gunzipSync(body) : body).toString()
    const push = { headers: request.headers, bytes: body.length, entries: entriesOf(text) }
    if (manner === 'hang') return
    const isRight = request.url === '/loki/api/v1/push' && request.method === 'POST'
    const status = isRight ? manner : 404
    ;(status < 300 ? pushes : refused).push(push)
    response.writeHead(status).end()
  }

  const server = createServer((request, response) => void take(request, response))
  await listening(server, port, '127.0.0.1')
  const at = portOf(server)

  return {
    url: `http://127.0.0.1:${at}`,
    port: at,
    pushes,
    refused,
    entries: () => pushes.flatMap(({ entries }) => entries),
    behave: (next: Manner) => {
      manner = next
    },
    /** Gone: connections are refused until another listens there. */
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type FakeLoki = Awaited<ReturnType<typeof startFakeLoki>>

const entriesOf = (text: string): Entry[] =>
  (JSON.parse(text) as Streams).streams.flatMap(({ stream, values }) =>
    values.map(([time, line, metadata]) => ({
      labels: stream,
      time,
      line: JSON.parse(line) as Entry['line'],
      metadata,
    })),
  )
