import type { Comparison } from './figures.ts'
import type { Docker } from './docker.ts'
import type { Colour } from './slot.ts'
import type { Figures } from './verdict.ts'

type Line = { upstream?: string; ustatus?: string; urt?: string }

/** What each colour answered since now, as Nginx saw it. */
export const readLog = (docker: Docker) => {
  const since = new Date().toISOString()
  return async (): Promise<Comparison> => {
    const log = await docker.compose([
      'logs',
      '--no-log-prefix',
      '--no-color',
      '--since',
      since,
      'nginx',
    ])
    const answers = log.split('\n').flatMap(answersIn)
    const of = async (colour: Colour) => {
      const addresses = (await docker.apiOf(colour)).map(({ address }) => address)
      return figuresOf(answers.filter(({ address }) => addresses.includes(address)))
    }
    return { blue: await of('blue'), green: await of('green') }
  }
}

type Answer = { address: string; status: number; seconds: number }

/** One for each process that was asked: after a second try there are two. */
export const answersIn = (text: string): Answer[] => {
  if (!text.startsWith('{')) return []
  const { upstream, ustatus, urt } = JSON.parse(text) as Line
  if (!upstream) return []
  const [statuses, times] = [(ustatus ?? '').split(', '), (urt ?? '').split(', ')]
  return upstream.split(', ').map((address, n) => ({
    address: address.replace(/:\d+$/, ''),
    status: Number(statuses[n]),
    seconds: Number(times[n]),
  }))
}

export const figuresOf = (answers: { status: number; seconds: number }[]): Figures => {
  const times = answers.map(({ seconds }) => seconds).toSorted((a, b) => a - b)
  return {
    requests: answers.length,
    errors: answers.filter(({ status }) => status >= 500).length,
    times: times.map((seconds, n) => ({ seconds, count: n + 1 })),
  }
}
