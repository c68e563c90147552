import type { ComposeEnvironment } from '../environments.ts'
import type { Docker } from './docker.ts'
import { readLog } from './figures-log.ts'
import { readPrometheus, waitForPrometheus } from './figures-prometheus.ts'
import type { Colour, Strength } from './slot.ts'
import type { Figures } from './verdict.ts'

export type Comparison = Record<Colour, Figures>

type Needs = {
  environment: ComposeEnvironment
  docker: Docker
  containers: Strength
  say: (line: string) => void
}

/** What each colour answered since it was begun; undefined when something began anew in between. */
export type Reader = () => Promise<Comparison | undefined>

/**
 * By Prometheus, or, where it does not see both colours, by Nginx's own log, and then it says so. Each
 * call of what it returns begins to count.
 */
export const chooseFigures = async (needs: Needs): Promise<() => Promise<Reader>> => {
  const { environment, docker, containers, say } = needs
  const { prometheusUrl } = environment
  try {
    await waitForPrometheus(prometheusUrl, containers)
    return () => readPrometheus(prometheusUrl)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    say(`NOT by Prometheus (${why}): compared by the access log of Nginx`)
    return async () => readLog(docker)
  }
}
