import { hostname, userInfo } from 'node:os'
import type { FleetEnvironment } from '../environments.ts'
import type { Aws } from './aws.ts'

const nameOf = ({ name }: FleetEnvironment) => `/aeroflash/${name}/release-lock`

/** One release at a time, from wherever it is begun: a parameter that can be made only once. */
export const takeFleetLock = async (aws: Aws, environment: FleetEnvironment, what: string) => {
  const name = nameOf(environment)
  const since = new Date().toISOString()
  const by = process.env.BUILD_URL || `${userInfo().username}@${hostname()}`
  const value = JSON.stringify({ what, by, since })
  await aws('ssm put-parameter', { name, type: 'String', value }).catch(async (error: Error) => {
    if (!error.message.includes('ParameterAlreadyExists')) throw error
    const held = await aws<{ Parameter: { Value: string } }>('ssm get-parameter', { name })
    throw new Error(
      `Another release is under way: ${held.Parameter.Value}. If it died: aws ssm delete-parameter --name ${name}`,
      { cause: error },
    )
  })
  return () => aws('ssm delete-parameter', { name })
}
