import { setTimeout as wait } from 'node:timers/promises'

export type Answer = { status: number; body: Record<string, unknown> }

export type Request = {
  method: 'GET' | 'POST'
  path: string
  key?: string
  token?: string
  body?: object
}

export type Tally = {
  /** Why a request was asked again under its key. */
  again: { lost: number; unavailable: number; inProgress: number }
  paidAnew: number
  /** Answers that no customer should ever see: any 5xx but 503. */
  faults: number
}

export const newTally = (): Tally => ({
  again: { lost: 0, unavailable: 0, inProgress: 0 },
  paidAnew: 0,
  faults: 0,
})

const ANSWER_SECONDS_MAX = 20
const PATIENCE_SECONDS = 120

type Needs = { urls: () => string[]; tally: Tally }

/**
 * Asks, under one key, until there is a definite answer: a lost connection, a 503 and a request that
 * is still being answered are none. Each try goes to the next process, as behind a load balancer.
 */
export const askUntilAnswered = async ({ urls, tally }: Needs, request: Request) => {
  const until = Date.now() + PATIENCE_SECONDS * 1000
  let turn = Math.floor(Math.random() * urls().length)
  while (Date.now() < until) {
    const answer = await ask(urls()[turn++ % urls().length]!, request)
    const why = whyAgain(answer)
    if (answer && answer.status >= 500 && why === undefined) tally.faults += 1
    if (answer && why === undefined) return answer
    tally.again[why ?? 'lost'] += 1
    await wait(why === 'lost' ? 100 : 500)
  }
  throw new Error(`${request.path}: no definite answer within ${PATIENCE_SECONDS} seconds.`)
}

const ask = async (
  url: string,
  { method, path, key, token, body }: Request,
): Promise<Answer | undefined> => {
  try {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(key && { 'Idempotency-Key': key }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_SECONDS_MAX * 1000),
    })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  } catch {
    // Refused, reset or cut off in the middle: what it did, only asking again can tell.
    return undefined
  }
}

const whyAgain = (answer: Answer | undefined): keyof Tally['again'] | undefined => {
  if (!answer) return 'lost'
  if (answer.status === 503) return 'unavailable'
  return answer.body.type === '/problems/request-in-progress' ? 'inProgress' : undefined
}
