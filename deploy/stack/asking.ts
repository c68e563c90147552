import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export type Answer = { status: number; body: Record<string, unknown> }

export type Asked = {
  method: 'GET' | 'POST'
  path: string
  body?: object
  token?: string
  /** When it should have left, in ms of performance.now(): waiting for a turn is part of its time. */
  due: number
  /** The passenger's address, as Nginx takes it from whoever it trusts. */
  from: string
}

/** One request, as it ended. `failure` is what no passenger should ever see. */
export type Sample = { at: number; milliseconds: number; failure: string | undefined }

const ANSWER_SECONDS_MAX = 15
const IDLE_MS = 4_000

/** Sends requests over kept connections and notes each; never a second time, so that nothing is hidden. */
export const openAsking = (siteUrl: string) => {
  // A connection that waits for longer is not used again: shorter than Nginx keeps one over a reload
  // (5 s). Browsers use older ones, and ask again by themselves when one was just being closed.
  const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: IDLE_MS })
  const samples: Sample[] = []

  const ask = async (asked: Asked): Promise<Answer | undefined> => {
    const answer = await send(siteUrl, agent, asked).catch((error: NodeJS.ErrnoException) => error)
    const failure = failureOf(answer)
    const milliseconds = performance.now() - asked.due
    const what = failure && `${asked.method} ${patternOf(asked.path)}: ${failure}`
    samples.push({ at: asked.due, milliseconds, failure: what })
    return answer instanceof Error ? undefined : answer
  }
  return { ask, samples, close: () => agent.destroy() }
}

const patternOf = (path: string) => path.replace(/\?.*/, '').replaceAll(/[0-9a-f-]{36}/g, ':id')

const failureOf = (answer: Answer | NodeJS.ErrnoException) => {
  if (answer instanceof Error) return answer.code ?? answer.message
  if (answer.status < 400) return undefined
  const { type, detail, title } = answer.body as Record<string, string | undefined>
  // The only refusals there are: others were faster.
  if (answer.status === 409 && /sold-out|seat-unavailable/.test(type ?? '')) return undefined
  return `${answer.status} ${detail ?? title ?? ''}`
}

const send = (siteUrl: string, agent: Agent, { method, path, body, token, from }: Asked) =>
  new Promise<Answer>((resolve, reject) => {
    const headers = {
      'X-Forwarded-For': from,
      ...(body && { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }),
      ...(token && { Authorization: `Bearer ${token}` }),
    }
    const asking = request(siteUrl + path, { method, agent, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (more: string) => (text += more))
      answer.on('error', reject)
      answer.on('end', () => {
        const isJson = /json/.test(answer.headers['content-type'] ?? '')
        const read = isJson ? (JSON.parse(text) as Answer['body']) : {}
        resolve({ status: answer.statusCode ?? 0, body: read })
      })
    })
    asking.setTimeout(ANSWER_SECONDS_MAX * 1000, () =>
      asking.destroy(new Error('no answer in time')),
    )
    asking.on('error', reject)
    asking.end(body && JSON.stringify(body))
  })

/** Comes back at `due`, in ms of performance.now(); at once when that is past. */
export const untilDue = async (due: number) => {
  const left = due - performance.now()
  if (left > 0) await wait(left)
}
