import { setTimeout as wait } from 'node:timers/promises'
import type { Container } from './docker.ts'
import type { Needs } from './needs.ts'
import type { Colour } from './slot.ts'

/**
 * After a reload, Nginx's old workers still take what comes on connections that wait idle, for as long as
 * keepalive_min_timeout says (image/keep-alive.conf: 5 s), and send it where it went before.
 */
const OLD_WORKERS_ASK_MS = 6_000

const LOOK_MS = 250
/** A request may be on its way from Nginx: once is not enough. */
const QUIET_LOOKS = 3
const ANSWER_MS_MAX = 2_000

/** Waits until nothing is in flight there, and nothing can come any more. */
export const drain = async (needs: Needs, colour: Colour) => {
  const { docker, environment, say } = needs
  await wait(OLD_WORKERS_ASK_MS)
  const until = Date.now() + environment.drainSeconds * 1000
  const running = (await docker.apiOf(colour)).filter(({ state }) => state === 'running')
  for (const container of running) {
    const { inFlight, streams, atFirst } = await waitUntilQuiet(needs, container, until)
    const what = inFlight === undefined ? 'no gauge of what is in flight' : `${inFlight} in flight`
    say(`${colour}: ${what} (first ${atFirst ?? '?'}), ${streams ?? '?'} streams open`)
  }
}

const waitUntilQuiet = async (needs: Needs, container: Container, until: number) => {
  const look = async () => {
    const text = await metricsOf(needs, container)
    return {
      inFlight: sumOf(text, 'http_requests_in_flight'),
      streams: sumOf(text, 'http_streams_open'),
    }
  }
  let now = await look()
  const atFirst = now.inFlight
  for (let quiet = 0; quiet < QUIET_LOOKS && Date.now() < until;) {
    quiet = (now.inFlight ?? 0) === 0 ? quiet + 1 : 0
    await wait(LOOK_MS)
    now = await look()
  }
  return { ...now, atFirst }
}

const askInside = `exec 3<>/dev/tcp/127.0.0.1/9464
printf 'GET /metrics HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3
cat <&3`

// By its address, which a Linux host reaches. Elsewhere by a shell in it: to begin one takes a processor for a
// moment, which those who are served would feel.
const metricsOf = async ({ docker }: Needs, { id, address }: Container) => {
  const signal = AbortSignal.timeout(ANSWER_MS_MAX)
  const answer = await fetch(`http://${address}:9464/metrics`, { signal }).catch(() => undefined)
  return answer ? answer.text() : docker.docker(['exec', id, 'bash', '-c', askInside])
}

const sumOf = (text: string, metric: string) => {
  const lines = text.split('\n')
  const values = lines
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .map((line) => Number(line.trim().split(' ').at(-1)))
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}
