/** What must wake somebody, and what must not. Series are those of promtool; a sample is a minute. */
export type Case = {
  alert: string
  /** The rule files that it needs. */
  rules: string[]
  story: string
  series: Record<string, string>
  /** While this is so, nobody is told; then, somebody is. */
  silentAt: string
  firingAt: string
  labels: Record<string, string>
  summary: string
  /** Others of that name that fire with it. */
  also?: { labels: Record<string, string>; summary: string }[]
  interval?: string
  evaluatedEvery?: string
}

/** Minutes at a rate a minute, then at another. */
export const counter = (...parts: [perMinute: number, minutes: number][]) => {
  let sum = 0
  const values = ['0']
  for (const [perMinute, minutes] of parts)
    for (let minute = 0; minute < minutes; minute++) values.push(String((sum += perMinute)))
  return values.join(' ')
}

/** A gauge for so many minutes, then another. */
export const gauge = (...parts: [value: number | '_', minutes: number][]) =>
  parts.flatMap(([value, minutes]) => Array<string>(minutes).fill(String(value))).join(' ')

export const api = 'job="api",instance="api-blue"'
export const page = { severity: 'page' }
export const ticket = { severity: 'ticket' }
