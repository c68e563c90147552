import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A port that nobody listens on; somebody may take it before it is used. */
export const freePort = async (): Promise<number> => listenBriefly(0, '127.0.0.1')

/** The port of that setting, or a free one for 0. Throws a sentence when it cannot be had. */
export const claimPort = async (name: string, port: number, host: string): Promise<number> => {
  try {
    return await listenBriefly(port, host)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'EADDRINUSE'
        ? `Port ${port} is in use by another program.`
        : `Port ${port} on ${host} cannot be used (${code}).`
    throw new Error(`${why} Choose another: ${name}=${port + 1} npm start`, { cause: error })
  }
}

const listenBriefly = async (port: number, host: string) => {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return address.port
}
