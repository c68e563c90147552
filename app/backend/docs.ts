import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { Hono } from 'hono'
import type { Config } from './config.ts'
import type { ApiEnv } from './kernel/api.ts'
import { Problem } from './kernel/problems.ts'

const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

const types: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
}

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>AeroFlash API</title>
    <link rel="icon" href="/api/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/api/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="docs"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`

const start = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', validatorUrl: null })
`

/** The document of the API as it is, and a page to read it on that loads nothing from outside. */
export const docsRoutes = (api: OpenAPIHono<ApiEnv>, config: Config) => {
  const document = documentOf(api, config)
  return new Hono<ApiEnv>()
    .get('/openapi.json', (c) => c.json(document))
    .get('/docs', (c) => c.html(page))
    .get('/docs/start.js', (c) => c.body(start, 200, { 'Content-Type': 'text/javascript' }))
    .get('/docs/:asset', async (c) => {
      const name = c.req.param('asset')
      const type = types[name]
      if (!type) throw new Problem('not-found')
      const content = await readFile(join(assets, name))
      return c.body(content, 200, { 'Content-Type': type, 'Cache-Control': 'max-age=86400' })
    })
}

const documentOf = (api: OpenAPIHono<ApiEnv>, { VERSION, PUBLIC_URL }: Config) => {
  const { openAPIRegistry: registry } = api
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of a sign-in, or a guest’s access_token for one booking',
  })
  registry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: PUBLIC_URL.startsWith('https:')
      ? '__Secure-aeroflash.session_token'
      : 'aeroflash.session_token',
  })
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'AeroFlash',
      version: VERSION,
      description:
        'Sells every seat once. Money is in minor units of its currency, times are ISO 8601 in UTC, ' +
        'refusals are problem documents (RFC 9457), and what creates or confirms takes an Idempotency-Key.',
    },
    servers: [{ url: '/' }],
  })
  return JSON.parse(JSON.stringify(document, withoutFlag)) as typeof document
}

// The generator writes the flag of a Unicode pattern into the pattern, which then fits nothing. All
// patterns of JSON Schema are of Unicode.
const withoutFlag = (key: string, value: unknown) =>
  key === 'pattern' && typeof value === 'string' ? value.replace(/\/u$/, '') : value
