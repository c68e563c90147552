// A build that takes three times as long for every answer.
import { Server } from 'node:http'
import type { ServerResponse } from 'node:http'

const LEAST_MS = 60

const emit = Server.prototype.emit as (this: Server, event: string, ...args: unknown[]) => boolean

Server.prototype.emit = function slow(this: Server, event: string, ...args: unknown[]) {
  const [, response] = args as [unknown, ServerResponse]
  if (event === 'request') delay(response)
  return emit.call(this, event, ...args)
} as typeof Server.prototype.emit

const delay = (response: ServerResponse) => {
  const startedAt = performance.now()
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse
  response.end = ((...args: unknown[]) => {
    const more = Math.max(LEAST_MS, 2 * (performance.now() - startedAt))
    setTimeout(() => end(...args), more)
    return response
  }) as typeof response.end
}
