// Sent into a container of the old version, as it is: waits there until nothing is in flight.
import { setTimeout as wait } from 'node:timers/promises'

const [metricsUrl, secondsMax] = process.argv.slice(-2) as [string, string]
const LOOK_MS = 100
/** A request may be on its way from Nginx: once is not enough. */
const QUIET_LOOKS = 5

const sumOf = (text: string, metric: string) => {
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .map((line) => Number(/[}\s]\s*([0-9.e+-]+)/.exec(line.slice(metric.length))?.[1]))
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}

const look = async () => {
  const text = await (await fetch(metricsUrl)).text()
  return {
    inFlight: sumOf(text, 'http_requests_in_flight'),
    streams: sumOf(text, 'http_streams_open'),
  }
}

const startedAt = performance.now()
const secondsGone = () => (performance.now() - startedAt) / 1000
let now = await look()
const first = now
for (let quiet = 0; quiet < QUIET_LOOKS && secondsGone() < Number(secondsMax);) {
  quiet = (now.inFlight ?? 0) === 0 ? quiet + 1 : 0
  await wait(LOOK_MS)
  now = await look()
}
process.stdout.write(JSON.stringify({ ...now, atFirst: first.inFlight, seconds: secondsGone() }))
