import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { connect } from 'node:net'

/** A server in the place of the API, for what the real one cannot show: what reached it, how it died. */
export const startUpstream = async (answer: RequestListener, port = 0) => {
  const server = createServer(answer).listen(port, '127.0.0.1')
  // Longer than Nginx keeps its connections, as the API does.
  server.keepAliveTimeout = 65_000
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    address: `127.0.0.1:${address.port}`,
    /** At once, connections and all, as a process that is killed. */
    die: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const SILENCE_MS = 5_000

/** What is answered to exactly these bytes, until the server closes the connection. */
export const sendRaw = (url: string, request: string | Buffer): Promise<string> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  return new Promise((resolve, reject) => {
    let answer = ''
    socket.setEncoding('latin1').setTimeout(SILENCE_MS, () => socket.destroy())
    socket.on('data', (text) => (answer += String(text)))
    socket.on('error', reject).on('close', () => resolve(answer))
    socket.write(request)
  })
}

/** A request as it stands, without a client that tidies its path. */
export const askRaw = (url: string, target: string, ...headers: string[]) =>
  sendRaw(
    url,
    [`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join(
      '\r\n',
    ),
  )

export const statusOf = (answer: string) => Number(answer.slice(9, 12))
