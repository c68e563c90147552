import { setTimeout as wait } from 'node:timers/promises'
import type { Needs } from './needs.ts'

type Steps = Pick<Needs, 'say' | 'step' | 'interrupted' | 'pause' | 'asCalm'>

/** How a release speaks, waits, and lets itself be interrupted: Ctrl-C takes it back in order. */
export const openSteps = (): Steps => {
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)))
  const steps = stepsUntil(interruption.signal)
  return {
    ...steps,
    asCalm: (needs) => ({ ...needs, ...stepsUntil(new AbortController().signal) }),
  }
}

const say = (line: string) => void process.stdout.write(`${line}\n`)

const stepsUntil = (interrupted: AbortSignal) => ({
  say,
  interrupted,
  step: async <Result>(what: string, work: () => Promise<Result>) => {
    interrupted.throwIfAborted()
    const startedAt = performance.now()
    const told = (how: string) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      say(`${seconds.padStart(6)} s  ${how}${what}`)
    }
    try {
      const result = await work()
      told('')
      return result
    } catch (error) {
      told('FAILED: ')
      throw error
    }
  },
  pause: async (milliseconds: number) => {
    try {
      await wait(milliseconds, undefined, { signal: interrupted })
    } catch {
      interrupted.throwIfAborted()
    }
  },
})
