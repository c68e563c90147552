import { parseArgs } from 'node:util'
import type { Pace, Summary } from './rounds.ts'

export type Wish = { what: string; figure: number; isMet: boolean; aim: string }

/** Runs a benchmark from the command line, and prints its figures: a table, or JSON with --json. */
export const runBench = async <Figures extends { sides: Record<string, Summary> }>(
  bench: (pace: Pace) => Promise<Figures>,
  wishesOf: (figures: Figures) => Wish[],
  usual: Pace,
) => {
  try {
    const { pace, json } = readOptions(usual)
    const figures = await bench(pace)
    const wishes = wishesOf(figures)
    const lines = [...Object.entries(figures.sides).map(sideOf), ...wishes.map(lineOf)]
    console.log(json ? JSON.stringify({ pace, ...figures, wishes }) : lines.join('\n'))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}

const readOptions = (usual: Pace) => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: String(usual.rounds) },
      seconds: { type: 'string', default: String(usual.seconds) },
      'in-flight': { type: 'string', default: String(usual.inFlight) },
      'warm-up': { type: 'string', default: String(usual.warmUp) },
      json: { type: 'boolean', default: false },
    },
  })
  const pace = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    inFlight: Number(values['in-flight']),
    warmUp: Number(values['warm-up']),
  }
  if (Object.values(pace).some((value) => !(value > 0)))
    throw new Error('--rounds, --seconds, --in-flight and --warm-up take numbers above 0.')
  return { pace, json: values.json }
}

const sideOf = ([name, { rate, rate_min, rate_max, cpu_ms }]: [string, Summary]) =>
  `${name.padEnd(38)}${String(rate).padStart(7)}/s   (${rate_min} to ${rate_max}; ` +
  `${cpu_ms} ms of processor time each, the database's not counted)`

const lineOf = ({ what, figure, isMet, aim }: Wish) =>
  `${what.padEnd(38)}${String(figure).padStart(7)}     (aim: ${aim}${isMet ? '' : '; MISSED'})`
