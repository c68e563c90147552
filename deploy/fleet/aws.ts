import type { FleetEnvironment } from '../environments.ts'
import { run } from '../release/command.ts'

export type Aws = ReturnType<typeof awsOf>

type Options = Record<string, string | string[] | true>

/** The AWS command line, in this environment's region; its profile is named as the environment. */
export const awsOf = ({ region, name }: FleetEnvironment) => {
  const profile = process.env.AWS_CONFIG_FILE ? ['--profile', name] : []
  const fixed = ['--region', region, '--output', 'json', ...profile]
  /** Throws what it said; answers {} where it says nothing. */
  return async <Answer>(command: string, options: Options, file?: string): Promise<Answer> => {
    const words = Object.entries(options).flatMap(([option, value]) => [
      `--${option}`,
      ...(value === true ? [] : [value].flat()),
    ])
    const said = [...command.split(' '), ...words, ...fixed, ...(file ? [file] : [])]
    const out = await run('aws', said, { environment: { AWS_PAGER: '' } })
    return (out.trim() === '' ? {} : JSON.parse(out)) as Answer
  }
}
