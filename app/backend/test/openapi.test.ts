import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, expect, test } from 'vitest'
import { problemTypes } from '../kernel/problems.ts'
import type { ProblemSlug } from '../kernel/problems.ts'
import { checkContract } from './contract.ts'
import { routeOf, routesOf } from './routes.ts'
import { startTestApi } from './test-api.ts'

type Answer = { content?: Record<string, unknown>; 'x-problem-types'?: string[] }
type Parameter = { name: string; in: string; required?: boolean }
type Operation = {
  summary?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required: boolean }
  responses: Record<string, Answer>
}

const api = await startTestApi()
afterAll(() => api.close())

const paths = api.document.paths as Record<string, Record<string, Operation>>
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
  ),
)
const typesOf = ({ responses }: Operation) =>
  Object.values(responses).flatMap((answer) => answer['x-problem-types'] ?? [])

/** Not of the API: what describes it, and the page to read it on. */
const ofTheDocument = [
  'GET /api/openapi.json',
  'GET /api/docs',
  'GET /api/docs/start.js',
  'GET /api/docs/{asset}',
]

test('the document is one of OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(api.document))
  expect(errors ?? []).toEqual([])
  expect(valid).toBe(true)
  const broken = { ...structuredClone(api.document), info: {} }
  expect((await new Validator().validate(broken)).valid).toBe(false)
})

test('every route is in the document, and the document has no other', () => {
  const described = operations.map(([name]) => name)
  expect([...described, ...ofTheDocument].toSorted()).toEqual(routesOf(api).toSorted())
})

test.each(operations)('%s says what it is for and what can go wrong', (_, operation) => {
  expect(operation.summary).toMatch(/^[A-Z].{5,}/)
  expect(operation.tags).toHaveLength(1)
  expect(Object.keys(operation.responses).some((status) => status < '300')).toBe(true)
  expect(typesOf(operation)).toContain('/problems/internal')
  expect(Object.keys(operation.responses)).toContain('503')
})

test.each(operations)(
  '%s lists problems that there are, under their own status',
  (_, operation) => {
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (!answer.content?.['application/problem+json']) continue
      const types = answer['x-problem-types'] ?? []
      expect(types).not.toEqual([])
      for (const type of types) {
        const slug = type.replace('/problems/', '') as ProblemSlug
        expect(problemTypes[slug]?.status, type).toBe(Number(status))
      }
    }
  },
)

test('every refusal has its list of problems, save that a process may just not be ready', () => {
  const bare = operations.flatMap(([name, { responses }]) =>
    Object.entries(responses)
      .filter(([status, answer]) => status >= '400' && !answer['x-problem-types'])
      .map(([status]) => `${name} ${status}`),
  )
  expect(bare).toEqual(['GET /api/readyz 503'])
})

test('every problem that there is can be met somewhere', () => {
  const met = new Set(operations.flatMap(([, operation]) => typesOf(operation)))
  // Where no route is there is none to promise it.
  met.add('/problems/method-not-allowed')
  const unmet = Object.keys(problemTypes).filter((slug) => !met.has(`/problems/${slug}`))
  expect(unmet).toEqual([])
})

const withBody = operations.filter(([, { requestBody }]) => requestBody)
const withSignIn = operations.filter(([, { security }]) => security)

test.each(withBody)(
  '%s refuses a body that is none, too large, not JSON or wrong',
  (_, operation) => {
    expect(operation.requestBody!.required).toBe(true)
    expect(typesOf(operation)).toEqual(
      expect.arrayContaining([
        '/problems/malformed-request',
        '/problems/payload-too-large',
        '/problems/unsupported-media-type',
        '/problems/validation-failed',
      ]),
    )
  },
)

test.each(withSignIn)(
  '%s says that it needs a sign-in, and which kinds there are',
  (_, operation) => {
    expect(typesOf(operation)).toContain('/problems/unauthenticated')
    const { securitySchemes } = api.document.components as { securitySchemes?: object }
    const known = Object.keys(securitySchemes ?? {})
    expect(known).toEqual(
      expect.arrayContaining(operation.security!.flatMap((scheme) => Object.keys(scheme))),
    )
  },
)

/** Create or confirm something, and need no key. */
const withoutKey: Record<string, string> = {
  'POST /api/auth/sign-up/email': 'an e-mail address registers once',
  'POST /api/bookings/lookup/access-tokens': 'a code opens once',
}

const keyOf = ({ parameters = [] }: Operation) =>
  parameters.find(({ name }) => name === 'idempotency-key')

const creating = operations.filter(
  ([name, { responses }]) =>
    name.startsWith('POST ') && ('201' in responses || name.endsWith('/confirm')),
)

test.each(creating)('%s needs a key, so that repeating it does it once', (name, operation) => {
  if (name in withoutKey) return expect(keyOf(operation)).toBeUndefined()
  expect(keyOf(operation)).toMatchObject({ in: 'header', required: true })
  expect(typesOf(operation)).toEqual(
    expect.arrayContaining([
      '/problems/idempotency-key-missing',
      '/problems/idempotency-key-reused',
      '/problems/request-in-progress',
    ]),
  )
})

test('patterns fit what people send', () => {
  const patterns = [...JSON.stringify(api.document).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, pattern]) => JSON.parse(pattern!) as string,
  )
  expect(patterns.length).toBeGreaterThan(10)
  const known = [
    'BOG',
    '2026-12-01',
    'K7PM3X',
    '12A',
    'Nguyễn',
    'tok_approved',
    'CO',
    'AF1',
    '123456',
  ]
  const more = ['AB123', '+57 300 123 4567', 'SAN_ANDRES', 'tower-bog', 'ABC', 'identity']
  const idle = [...new Set(patterns)].filter(
    (pattern) => ![...known, ...more].some((word) => new RegExp(pattern, 'u').test(word)),
  )
  expect(idle).toEqual([])
})

/** What any caller may bring to any route: a token that is none, a body that is not wanted. */
test.each(operations)('%s refuses as the document says', async (name) => {
  const { method, path } = routeOf(name)
  const ask = () =>
    api.request[method.toLowerCase() as 'get'](path.replace('{id}', crypto.randomUUID()))
  const forged = await ask().set('Authorization', 'Bearer forged')
  expect(forged.status).toBe(401)
  if (method === 'GET') return
  expect((await ask().type('text/plain').send('hello')).status).toBe(415)
  const large = { text: 'a'.repeat(70_000) }
  expect((await ask().send(large)).status).toBe(413)
})

test('an answer that the document does not promise fails the test that asked', async () => {
  const path = `/api/flights/${crypto.randomUUID()}`
  const answer = await api.request.get(path).expect(404)
  const { 404: promised, ...others } = paths['/api/flights/{id}']!.get!.responses
  const without = structuredClone(api.document)
  Object.assign(without.paths['/api/flights/{id}']!.get!, { responses: others })
  expect(() => checkContract(api.document, answer)).not.toThrow()
  expect(() => checkContract(without, answer)).toThrow('does not promise')

  delete paths['/api/flights/{id}']!.get!.responses['404']
  await expect(api.request.get(path)).rejects.toThrow('does not promise')
  paths['/api/flights/{id}']!.get!.responses['404'] = promised!
})

test('the page of the document and all that it loads come from here', async () => {
  const page = await api.request
    .get('/api/docs')
    .expect(200)
    .expect('Content-Type', /text\/html/)
  const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!)
  expect(loaded.length).toBeGreaterThanOrEqual(4)
  const parts = [page.text]
  for (const address of loaded) {
    expect(address).toMatch(/^\/api\/docs\//)
    const part = await api.request.get(address).expect(200)
    if (/start\.js$|\.css$/.test(address)) parts.push(part.text)
  }
  expect(parts).toHaveLength(3)
  // The name of a language, which nothing fetches.
  const foreign = parts.join('').replaceAll('http://www.w3.org/2000/svg', '')
  expect(foreign).not.toMatch(/https?:\/\/|url\(["']?\/\/|@import/)
  await api.request.get('/api/docs/package.json').expect(404)
  await api.request.get('/api/docs/..%2fpackage.json').expect(404)
})
