import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { Tally } from './tally.ts'

export type Answer = { status: number; body: Record<string, unknown> }

export type Asked = {
  /** The route's pattern, under which it is counted. */
  route: string
  path?: string
  body?: object
  token?: string | undefined
  key?: boolean
  /** Statuses that a sane API may give here; any other is told, and fails the run. */
  expect: number[]
}

export type Client = { ask: (asked: Asked) => Promise<Answer> }

const ANSWER_MS_MAX = 20_000

type Needs = { urls: () => string[]; tally: Tally }

/** Asks over kept-alive connections, and writes down how long each answer took and what it was. */
export const createClients = ({ urls, tally }: Needs) => {
  let turn = 0
  const agents = new Map<string, Agent>()
  const agentOf = (address: string) => {
    const agent = agents.get(address) ?? new Agent({ keepAlive: true, maxSockets: 64 })
    agents.set(address, agent)
    return agent
  }

  /** One passenger's; each has an address of their own, as far as this machine lets us. */
  const clientAt = (address: string | undefined): Client => ({
    ask: async (asked) => {
      const all = urls()
      const url = new URL(asked.path ?? pathOf(asked.route), all[turn++ % all.length])
      const from = performance.now()
      const answer = await send(url, asked, { agent: agentOf(address ?? ''), address }).catch(
        (error: Error): Answer => ({ status: 0, body: { detail: error.message } }),
      )
      const milliseconds = performance.now() - from
      tally.add({
        ...asked,
        ...answer,
        milliseconds,
        isExpected: asked.expect.includes(answer.status),
      })
      return answer
    },
  })
  const close = () => {
    for (const agent of agents.values()) agent.destroy()
  }
  return { clientAt, close }
}

const pathOf = (route: string) => route.replace(/^\w+ /, '')

type Via = { agent: Agent; address: string | undefined }

const send = (url: URL, { route, body, token, key }: Asked, { agent, address }: Via) =>
  new Promise<Answer>((resolve, reject) => {
    const text = body ? JSON.stringify(body) : undefined
    const sent = request(url, {
      agent,
      method: route.split(' ')[0],
      timeout: ANSWER_MS_MAX,
      ...(address && { localAddress: address }),
      headers: {
        ...(text !== undefined && {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(text),
        }),
        ...(token && { Authorization: `Bearer ${token}` }),
        // As a proxy of ours does; an API that is not behind one does not believe it.
        'X-Request-Start': `t=${(Date.now() / 1000).toFixed(3)}`,
        ...(key && { 'Idempotency-Key': randomUUID() }),
      },
    })
    sent.once('timeout', () => sent.destroy(new Error(`no answer in ${ANSWER_MS_MAX / 1000} s`)))
    sent.once('error', reject)
    sent.once('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        const said = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, body: parsed(said) })
      })
    })
    sent.end(text)
  })

const parsed = (text: string): Answer['body'] => {
  try {
    return text === '' ? {} : (JSON.parse(text) as Answer['body'])
  } catch {
    return { detail: text.slice(0, 200) }
  }
}
