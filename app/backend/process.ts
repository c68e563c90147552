import { createServer } from 'node:http'
import type { Server as HttpServer, ServerResponse } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { registry } from './kernel/metrics.ts'
import type { Logger } from './kernel/logger.ts'
import { FLUSH_MS } from './logging/open-logger.ts'

/**
 * How Node runs a process of ours. V8 sizes its heap by the machine's memory, not by need: on 24 GB an
 * API under load took 370 MB, and with these limits 170. Smaller ones cost more processor time.
 */
export const nodeFlags = ['--max-semi-space-size=8', '--max-old-space-size=160']

type Ending = { logger: Logger; graceSeconds: number; end: () => Promise<void> }

/**
 * Ends a process well: once, on SIGTERM or Ctrl-C, or when the process that started it is gone. Within
 * the grace it ends all the same, its last lines sent or not: an orchestrator would kill it then.
 */
export const endWell = ({ logger, graceSeconds, end }: Ending) => {
  let ending = false
  const begin = (why: string) => {
    if (ending) return
    ending = true
    logger.info({ why }, 'ending')
    const drainMs = graceSeconds * 1000 - FLUSH_MS
    setTimeout(() => leave(logger, 1, 'grace is over'), drainMs).unref()
    end().then(
      () => leave(logger, 0, 'ended'),
      (error: unknown) => {
        logger.error({ err: error }, 'could not end well')
        leave(logger, 1, 'ended')
      },
    )
  }
  process.once('SIGTERM', () => begin('SIGTERM'))
  process.once('SIGINT', () => begin('SIGINT'))
  process.once('disconnect', () => begin('parent gone'))
  // By itself Node would print the error with all that it holds, and the line would not reach Loki.
  process.once('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'nobody caught this')
    leave(logger, 1, 'ended')
  })
}

const leave = (logger: Logger, code: number, message: string) => {
  logger.info(message)
  const exit = () => process.exit(code)
  setTimeout(exit, FLUSH_MS)
  logger.flush(exit)
}

/** A process that cannot read its settings says so in sentences, not in a stack trace. */
export const orExplain = <Result>(read: () => Result): Result => {
  try {
    return read()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}

/**
 * /metrics on a port of its own, which Nginx does not know. With ?name[]=… only those: all of them take some 30 ms,
 * too much for who looks several times a second, as a release does.
 */
export const serveMetrics = async (port: number, host: string): Promise<Server> => {
  const server = createServer((request, response) => {
    const asked = URL.parse(request.url ?? '/', 'http://localhost')
    if (asked?.pathname !== '/metrics') return void response.writeHead(404).end()
    metricsNamed(asked.searchParams.getAll('name[]')).then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await listening(server, port, host)
  return server
}

const metricsNamed = async (names: string[]) => {
  if (names.length === 0) return registry.metrics()
  const known = names.filter((name) => registry.getSingleMetric(name))
  const texts = await Promise.all(known.map((name) => registry.getSingleMetricAsString(name)))
  return texts.join('\n')
}

/**
 * Closes a server whose clients keep their connections, as a proxy does: each is told with its next answer
 * that this was the last one, and whatever waits idle is closed.
 */
export const closeGently = async (server: HttpServer) => {
  server.prependListener('request', (_request, response: ServerResponse) =>
    response.setHeader('Connection', 'close'),
  )
  const closed = new Promise((resolve) => server.close(resolve))
  const idle = setInterval(() => server.closeIdleConnections(), 250)
  await closed
  clearInterval(idle)
}

export const listening = (server: Server, port: number, host: string) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })

export const portOf = (server: Server) => (server.address() as AddressInfo).port

/** Tells the process that started this one, if one did. */
export const sayReady = (what: object) => process.send?.({ ready: true, ...what })
