import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { mend } from './faults/store.ts'
import {
  closeGently,
  endWell,
  listening,
  orExplain,
  portOf,
  sayReady,
  serveMetrics,
} from './process.ts'
import { watchRuntime } from './runtime-metrics.ts'
import { watchPool } from './series.ts'
import { openWorld } from './world.ts'

const config = orExplain(() => readConfig(process.env))
const world = openWorld(config, 'api')
const { logger } = world

watchRuntime()
watchPool(world.pool)

const server = createAdaptorServer(createApp(world)) as Server
server.keepAliveTimeout = 65_000
server.requestTimeout = 30_000

const metrics = await serveMetrics(config.METRICS_PORT, config.HOST)
await listening(server, config.PORT, config.HOST)
// A process with faults may have been killed, and this is one without.
if (!config.FAULTS_ENABLED) mend(world).catch(() => undefined)

// A release that leaves this process without traffic has its streams opened anew where the traffic is.
process.on('SIGUSR2', () => world.streams.end())

endWell({
  logger,
  graceSeconds: 12,
  end: async () => {
    world.draining.abort()
    await closeGently(server)
    metrics.close()
    await world.close()
  },
})

const ports = { port: portOf(server), metrics_port: portOf(metrics) }
logger.info(ports, 'api listening')
sayReady(ports)
