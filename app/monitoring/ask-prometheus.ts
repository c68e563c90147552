import type { Sample } from './attribution.ts'

export type Prometheus = {
  /** What an instant query answers, now. */
  query: (promql: string) => Promise<Sample[]>
  /** Groups of rules that it loads, with what was wrong with their last evaluation. */
  ruleGroups: () => Promise<RuleGroup[]>
}

export type RuleGroup = { name: string; rules: { name: string; lastError?: string }[] }

const ANSWER_MS_MAX = 10_000

type Said = { status: string; error?: string; data: unknown }
type Vector = { result: { metric: Record<string, string>; value: [number, string] }[] }

/** Asks a Prometheus over HTTP; throws sentences. */
export const prometheusAt = (url: string): Prometheus => {
  const get = async (path: string, words: Record<string, string>): Promise<unknown> => {
    const address = new URL(`${url.replace(/\/$/, '')}/api/v1/${path}`)
    address.search = new URLSearchParams(words).toString()
    const signal = AbortSignal.timeout(ANSWER_MS_MAX)
    const response = await fetch(address, { signal }).catch(() => {
      throw new Error(`No Prometheus answers at ${url}. Say where it is: PROMETHEUS_URL=http://…`)
    })
    const said = (await response.json().catch(() => undefined)) as Said | undefined
    if (!said) throw new Error(`What answers at ${url} is no Prometheus (${response.status}).`)
    if (said.status !== 'success') throw new Error(`Prometheus cannot answer: ${said.error}`)
    return said.data
  }
  return {
    query: async (promql) => {
      const { result } = (await get('query', { query: promql })) as Vector
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }))
    },
    ruleGroups: async () =>
      ((await get('rules', { type: 'record' })) as { groups: RuleGroup[] }).groups,
  }
}
