import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FleetEnvironment } from '../environments.ts'
import type { Aws } from './aws.ts'

const parameterOf = ({ name }: FleetEnvironment) => `/aeroflash/${name}/released`

/** The commit that serves, which new instances begin with; undefined before the first release. */
export const releasedIn = async (aws: Aws, environment: FleetEnvironment) => {
  const asked = { name: parameterOf(environment) }
  const found = await aws<{ Parameter: { Value: string } }>('ssm get-parameter', asked).catch(
    (error: Error) => {
      if (error.message.includes('ParameterNotFound')) return undefined
      throw error
    },
  )
  // A parameter cannot be empty: until the first release it says none.
  const value = found?.Parameter.Value
  return value !== undefined && /^[0-9a-f]{40}$/.test(value) ? value : undefined
}

export const sayReleased = (aws: Aws, environment: FleetEnvironment, commit: string) =>
  aws('ssm put-parameter', {
    name: parameterOf(environment),
    type: 'String',
    value: commit,
    overwrite: true,
  })

const keyOf = (commit: string) => `releases/${commit}.previous`

/** Written beside the bundle, so that going back needs nothing from the machine that released. */
export const keepPrevious = async (
  aws: Aws,
  { bundles }: FleetEnvironment,
  commit: string,
  previous: string,
) =>
  withFile(async (file) => {
    await writeFile(file, previous)
    await aws('s3api put-object', { bucket: bundles, key: keyOf(commit), body: file })
  })

export const previousOf = (aws: Aws, { bundles }: FleetEnvironment, commit: string) =>
  withFile(async (file) => {
    const asked = { bucket: bundles, key: keyOf(commit) }
    await aws('s3api get-object', asked, file).catch((error: Error) => {
      throw new Error(`Nothing is known that served before ${commit}.`, { cause: error })
    })
    return (await readFile(file, 'utf8')).trim()
  })

const withFile = async <Result>(work: (file: string) => Promise<Result>) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-released-'))
  try {
    return await work(join(folder, 'file'))
  } finally {
    await rm(folder, { recursive: true })
  }
}
