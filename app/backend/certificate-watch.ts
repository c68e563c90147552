import { once } from 'node:events'
import { connect } from 'node:tls'
import { Gauge } from 'prom-client'
import type { Config } from './config.ts'
import { registry } from './kernel/metrics.ts'

const expires = new Gauge({
  name: 'site_certificate_expires_timestamp_seconds',
  help: 'When the certificate that the site shows a browser expires.',
  labelNames: ['site'] as const,
  registers: [registry],
})

const CONNECT_MS_MAX = 10_000

/**
 * Looks at the site's certificate as a browser does: whoever renews it, this is what passengers are shown.
 * Even one that is no longer valid is read, since its date is what is asked for. Nothing to do without https.
 */
export const watchCertificate = async ({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>) => {
  const { protocol, hostname, port } = new URL(PUBLIC_URL)
  if (protocol !== 'https:') return
  const socket = connect({
    host: hostname,
    port: Number(port || 443),
    servername: hostname,
    rejectUnauthorized: false,
    timeout: CONNECT_MS_MAX,
  })
  socket.once('timeout', () => socket.destroy(new Error(`${hostname} does not answer`)))
  try {
    await once(socket, 'secureConnect')
    const { valid_to } = socket.getPeerCertificate()
    expires.set({ site: hostname }, Date.parse(valid_to) / 1000)
  } finally {
    socket.destroy()
  }
}
