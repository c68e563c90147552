import { say, secret, verb } from './asked.ts'
import type { Asked } from './asked.ts'
import { buildOf, post } from './message.ts'

/** Writes the release where dashboards draw it: a line in Loki, an annotation in Grafana. */
const mark = async (asked: Asked) => {
  const [environment] = asked.words
  if (!environment) throw new Error('mark <environment>')
  const build = await buildOf(asked)
  const words = `released ${build.commit.slice(0, 12)} to ${environment}`
  const { GRAFANA_URL, LOKI_URL } = asked.settings

  if (asked.dry) return say(`would mark: ${words}`)
  if (!GRAFANA_URL && !LOKI_URL)
    return say(`MARKED NOWHERE: neither LOKI_URL nor GRAFANA_URL is set: ${words}`)

  if (LOKI_URL) await post(`${LOKI_URL}/loki/api/v1/push`, lineFor(environment, build, words))
  if (GRAFANA_URL) {
    const token = secret(asked, 'GRAFANA_TOKEN')
    if (!token) throw new Error('Set GRAFANA_TOKEN: GRAFANA_URL takes no marks without one.')
    const annotation = { tags: ['release', environment], text: words }
    await post(`${GRAFANA_URL}/api/annotations`, annotation, { authorization: `Bearer ${token}` })
  }
  say(`marked: ${words}`)
}

type Build = Awaited<ReturnType<typeof buildOf>>

// As deploy/release/mark.ts writes what each host did: the dashboards look for both by these names.
const lineFor = (environment: string, { commit, url }: Build, msg: string) => {
  const nanoseconds = `${Date.now()}000000`
  const what = { event: 'release', result: 'live', version: commit.slice(0, 12), commit }
  const line = JSON.stringify({ msg, ...what, environment, by: 'jenkins', build: url })
  const stream = { service_name: 'deploys', env: environment, level: 'info' }
  return { streams: [{ stream, values: [[nanoseconds, line]] }] }
}

await verb(mark)
