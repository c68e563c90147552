import { setTimeout as wait } from 'node:timers/promises'
import type { FleetEnvironment } from '../environments.ts'
import { NOTHING_BEGUN, NotTakenBack, TAKEN_BACK, TakenBack } from '../said.ts'
import type { Aws } from './aws.ts'

type Described = { Reservations: { Instances: { InstanceId: string }[] }[] }

/** Those that run the product, always in the same order. */
export const findInstances = async (aws: Aws, { name }: FleetEnvironment) => {
  const found = await aws<Described>('ec2 describe-instances', {
    filters: [
      `Name=tag:Environment,Values=${name}`,
      'Name=tag:Duty,Values=app,both',
      'Name=instance-state-name,Values=running',
    ],
  })
  const ids = found.Reservations.flatMap(({ Instances }) => Instances).map((one) => one.InstanceId)
  if (ids.length === 0) throw new Error(`No instance of ${name} is running.`)
  return ids.toSorted()
}

export type Verb = 'deploy' | 'rollback' | 'migrate'

type Invocation = {
  Status: string
  /** The exit code of what it ran. */
  ResponseCode?: number
  StandardOutputContent?: string
  StandardErrorContent?: string
}

const LOOK_MS = 3_000
const underWay = ['Pending', 'InProgress', 'Delayed', 'Cancelling']

/**
 * Has the instance run the fixed document, and comes back with what it printed. Throws when it failed: TakenBack when the
 * instance says that all is as before there, and NotTakenBack when it does not.
 */
export const tell = async (
  aws: Aws,
  environment: FleetEnvironment,
  id: string,
  { verb, release }: { verb: Verb; release: string },
) => {
  const sent = await aws<{ Command: { CommandId: string } }>('ssm send-command', {
    'document-name': environment.document,
    'instance-ids': id,
    comment: `AeroFlash ${verb} ${release}`,
    parameters: JSON.stringify({ Verb: [verb], Release: [release] }),
  })
  const asked = { 'command-id': sent.Command.CommandId, 'instance-id': id }
  const until = Date.now() + environment.releaseMinutesMax * 60_000
  while (Date.now() < until) {
    // It is not known everywhere at once.
    const now = await aws<Invocation>('ssm get-command-invocation', asked).catch(
      (error: Error): Invocation => {
        if (error.message.includes('InvocationDoesNotExist')) return { Status: 'Pending' }
        throw error
      },
    )
    if (now.Status === 'Success') return now.StandardOutputContent ?? ''
    if (!underWay.includes(now.Status))
      throw failureOf(now, `${id}: ${now.Status}. ${lastWords(now)}`)
    await wait(LOOK_MS)
  }
  throw new NotTakenBack(`${id}: nothing after ${environment.releaseMinutesMax} minutes`)
}

/** Another release is under way on that host (infra/host/bin/aeroflash-release). */
const LOCKED = 75

const failureOf = ({ ResponseCode }: Invocation, sentence: string) =>
  [TAKEN_BACK, NOTHING_BEGUN, LOCKED].includes(ResponseCode ?? NaN)
    ? new TakenBack(sentence)
    : new NotTakenBack(sentence)

const SAID_MAX = 1_000

const lastWords = ({ StandardOutputContent, StandardErrorContent }: Invocation) =>
  `${StandardOutputContent ?? ''}\n${StandardErrorContent ?? ''}`.trim().slice(-SAID_MAX)
