import type { ComposeEnvironment } from '../environments.ts'
import type { Entry } from './history.ts'

const SECONDS_MAX = 3

/**
 * One line to Loki, of failures as well, for the dashboards' deploy marks. Prometheus knows by itself, from
 * app_build_info. That nobody listens fails no release.
 */
export const mark = async (
  { lokiUrl }: Pick<ComposeEnvironment, 'lokiUrl'>,
  entry: Entry,
  say: (line: string) => void,
) => {
  const level = entry.result === 'live' || entry.result === 'rolled back' ? 'info' : 'error'
  const stream = { service_name: 'deploys', env: entry.environment, level }
  const line = JSON.stringify({ event: 'deploy', ...entry })
  const values = [[`${Date.parse(entry.at)}000000`, line]]
  try {
    const answer = await fetch(`${lokiUrl}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ streams: [{ stream, values }] }),
      signal: AbortSignal.timeout(SECONDS_MAX * 1000),
    })
    if (!answer.ok) say(`not marked in Loki: it answers ${answer.status}`)
  } catch {
    say(`not marked in Loki: nobody answers at ${lokiUrl}`)
  }
}
