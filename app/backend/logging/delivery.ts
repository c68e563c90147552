import { setTimeout as wait } from 'node:timers/promises'

/** Some lines, packed and ready to be sent. */
export type Parcel = { body: Buffer; lines: number }

export type Progress = {
  sent: number
  dropped: number
  retries: number
  waitingBytes: number
  /** Why the last attempt did not succeed; none when it did. */
  trouble?: string | undefined
}

type Settings = {
  /** Answers the status; throws when there is no answer. */
  post: (body: Buffer, signal: AbortSignal) => Promise<number>
  /** When more than this waits, the oldest goes. */
  bytesMax: number
  tell: (progress: Progress) => void
}

const RETRY_MS = 250
const RETRY_MS_MAX = 5_000
const RETRY_MS_IN_A_HURRY = 100

/** From a quarter of a second to five, doubling, and never in step with the other processes. */
const backOff = (failures: number) =>
  Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)

const isTaken = (status: number) => status >= 200 && status < 300
// Too many requests, a time-out or a failure of theirs: the same parcel may be taken later.
const mayBeTaken = (status: number) => status >= 500 || status === 429 || status === 408

/** Delivers parcels in their order, one at a time, each until it is taken or refused for good. */
export const openDelivery = ({ post, bytesMax, tell }: Settings) => {
  const waiting: Parcel[] = []
  const progress: Progress = { sent: 0, dropped: 0, retries: 0, waitingBytes: 0 }
  const stop = new AbortController()
  let isWorking = false
  /** The first, which then may not be dropped. */
  let isOnItsWay = false
  let isInAHurry = false
  let wake = new AbortController()
  let working = Promise.resolve()

  const finish = (parcel: Parcel, as: 'sent' | 'dropped') => {
    waiting.splice(waiting.indexOf(parcel), 1)
    progress.waitingBytes -= parcel.body.length
    progress[as] += parcel.lines
  }

  const add = (parcel: Parcel) => {
    waiting.push(parcel)
    progress.waitingBytes += parcel.body.length
    while (progress.waitingBytes > bytesMax && waiting.length > 1)
      finish(waiting[isOnItsWay ? 1 : 0]!, 'dropped')
    tell({ ...progress })
    if (!isWorking) working = work()
  }

  const work = async () => {
    isWorking = true
    let failures = 0
    for (let parcel = waiting[0]; parcel && !stop.signal.aborted; parcel = waiting[0]) {
      const { status, trouble } = await attempt(parcel)
      progress.trouble = trouble
      if (status !== undefined && !mayBeTaken(status)) {
        finish(parcel, isTaken(status) ? 'sent' : 'dropped')
        failures = 0
      } else progress.retries += 1
      tell({ ...progress })
      if (waiting[0] === parcel) await pause(backOff(failures++))
    }
    isWorking = false
  }

  const attempt = async ({ body }: Parcel): Promise<{ status?: number; trouble?: string }> => {
    isOnItsWay = true
    try {
      const status = await post(body, stop.signal)
      return isTaken(status) ? { status } : { status, trouble: `status ${status}` }
    } catch (error) {
      return { trouble: reasonOf(error) }
    } finally {
      isOnItsWay = false
    }
  }

  const pause = async (milliseconds: number) => {
    if (stop.signal.aborted) return
    if (isInAHurry) return wait(RETRY_MS_IN_A_HURRY)
    wake = new AbortController()
    await wait(milliseconds, undefined, { signal: wake.signal }).catch(() => undefined)
  }

  /** Brings what waits as fast as it can, for at most so long. */
  const hurry = async (milliseconds: number) => {
    isInAHurry = true
    wake.abort()
    await Promise.race([working, wait(milliseconds, undefined, { ref: false })])
    isInAHurry = false
  }

  /** The last thing: what is still here after so long is lost, and counted. */
  const end = async (milliseconds: number) => {
    await hurry(milliseconds)
    stop.abort()
    await working
    while (waiting[0]) finish(waiting[0], 'dropped')
    tell({ ...progress })
  }

  return { add, hurry, end }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'no answer'
  if (error.name === 'TimeoutError') return 'timed out'
  const { cause } = error as { cause?: { code?: string } }
  return cause?.code ?? error.name
}
