import type { Container } from './docker.ts'
import type { Needs } from './needs.ts'

const [IN_FLIGHT, STREAMS] = ['http_requests_in_flight', 'http_streams_open']
const REQUESTS = 'http_requests_total'
const ANSWER_MS_MAX = 2_000

/** What a container has under way, by its own metrics; undefined where it has no such gauge. */
export const underWay = async (needs: Needs, container: Container) => {
  const text = await metricsOf(needs, container, [IN_FLIGHT, STREAMS])
  return {
    inFlight: sumOf(text, IN_FLIGHT),
    streams: sumOf(text, STREAMS),
  }
}

/**
 * A new series shows 0 when it is read first (kernel/tally.ts), and what it counted only from then on. Read here,
 * Prometheus has what warmed a container up at its next look, before the requests of clients.
 */
export const showWarmUp = (needs: Needs, container: Container) =>
  metricsOf(needs, container, [REQUESTS])

const askInside = `exec 3<>/dev/tcp/127.0.0.1/9464
printf 'GET /metrics HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3
cat <&3`

// By its address, which a Linux host reaches. Elsewhere by a shell in it: to begin one takes a processor for a
// moment, which those who are served would feel.
const metricsOf = async ({ docker }: Needs, { id, address }: Container, names: string[]) => {
  const signal = AbortSignal.timeout(ANSWER_MS_MAX)
  const ask = (query: string) => fetch(`http://${address}:9464/metrics${query}`, { signal })
  try {
    const named = await ask(`?${names.map((name) => `name[]=${name}`).join('&')}`)
    // A version that knows no names gives all it has.
    return await (named.ok ? named : await ask('')).text()
  } catch {
    return docker.docker(['exec', id, 'bash', '-c', askInside])
  }
}

const sumOf = (text: string, metric: string) => {
  const lines = text.split('\n')
  const values = lines
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .map((line) => Number(line.trim().split(' ').at(-1)))
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}
