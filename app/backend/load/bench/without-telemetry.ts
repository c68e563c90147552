import { registerHooks } from 'node:module'

/*
 * For the benchmark alone: node --import this file runs the same API without its ledger, its metrics
 * and its request log. Not a setting: production has none for it.
 */

/** By module, what its exports become. */
const replaced: Record<string, Record<string, string>> = {
  'kernel/request-log.ts': {
    requestLog: `() => createMiddleware<ApiEnv>(async function requestLog(c, next) {
      const request_id = requestIdOf(c.req.header('x-request-id'))
      c.set('request_id', request_id)
      c.env.outgoing.setHeader('X-Request-Id', request_id)
      return next()
    })`,
  },
  'kernel/connections.ts': {
    checkOut: `async (pool: pg.Pool) => {
      const client = await pool.connect()
      return { client, release: (broken?: Error) => client.release(broken) }
    }`,
    measured: '(_name: string, send: () => Promise<pg.QueryResult>) => send()',
  },
  'kernel/ledger.ts': {
    during: '<Result>(_wait: Wait, work: () => Promise<Result>) => work()',
  },
}

/** The source with another body for the export. */
const withExport = (source: string, name: string, body: string) => {
  const from = source.indexOf(`export const ${name} = `)
  const end = source.indexOf('\n}\n', from)
  if (from < 0 || end < 0) throw new Error(`the benchmark does not find ${name}`)
  return `${source.slice(0, from)}export const ${name} = ${body}\n${source.slice(end + 3)}`
}

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context)
    const module = Object.keys(replaced).find((path) => url.endsWith(`/app/backend/${path}`))
    if (!module) return loaded
    const bodies = Object.entries(replaced[module]!)
    const source = Buffer.from(loaded.source as Uint8Array).toString()
    return {
      ...loaded,
      source: bodies.reduce((text, [name, body]) => withExport(text, name, body), source),
    }
  },
})
