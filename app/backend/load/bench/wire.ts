import { once } from 'node:events'
import { connect } from 'node:net'

export type WireAnswer = { status: number; body: string }

export type Wire = {
  ask(request: string): Promise<WireAnswer>
  close(): void
}

const HEADERS_END = '\r\n\r\n'

/**
 * A kept-alive connection that writes a request and reads its answer, and little else: client and
 * server share the processors, so what the client costs would be taken for the server's.
 */
export const openWire = async (url: string): Promise<Wire> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).setNoDelay(true)
  await once(socket, 'connect')
  let received = Buffer.alloc(0)
  let waiting: { resolve: (answer: WireAnswer) => void; reject: (error: Error) => void } | undefined

  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = readAnswer(received)
    if (!answer) return
    received = Buffer.alloc(0)
    waiting?.resolve(answer)
  })
  const fail = () => waiting?.reject(new Error('the connection was closed'))
  socket.on('close', fail).on('error', fail)

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

// One answer at a time and always with a length: all that our API sends to such a client.
const readAnswer = (received: Buffer): WireAnswer | undefined => {
  const end = received.indexOf(HEADERS_END)
  if (end < 0) return undefined
  const head = received.toString('latin1', 0, end)
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1])
  if (Number.isNaN(length)) throw new Error(`an answer without a length:\n${head}`)
  const from = end + HEADERS_END.length
  if (received.length < from + length) return undefined
  return { status: Number(head.slice(9, 12)), body: received.toString('utf8', from, from + length) }
}

export type Head = { method: 'GET' | 'POST'; path: string; token: string; key?: string }

/** A request as it travels. */
export const requestOf = ({ method, path, token, key }: Head, body?: object) => {
  const text = body ? JSON.stringify(body) : ''
  const headers = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: ${token}`,
    ...(key ? [`Idempotency-Key: ${key}`] : []),
    ...(body
      ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]
      : []),
  ]
  return headers.join('\r\n') + HEADERS_END + text
}
