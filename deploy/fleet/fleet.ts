import type { FleetEnvironment } from '../environments.ts'
import type { Order } from '../order.ts'
import { NotTakenBack, sentenceOf, TakenBack } from '../said.ts'
import { awsOf } from './aws.ts'
import type { Aws } from './aws.ts'
import { putBundle, readBuilt } from './bundle.ts'
import { findInstances, outOfTraffic, tell } from './instances.ts'
import type { Verb } from './instances.ts'
import { takeFleetLock } from './lock.ts'
import { keepPrevious, previousOf, releasedIn, sayReleased } from './released.ts'

type Needs = { aws: Aws; environment: FleetEnvironment }
type Told = { verb: Verb; release: string }

/** Releases to instances over SSM, one after another; each compares, switches and goes back by itself. */
export const releaseFleet = async (environment: FleetEnvironment, { migrateOnly, dry }: Order) => {
  if (dry) return sayPlan(environment, 'deploy')
  const built = await readBuilt(environment)
  await locked(environment, `a release of ${built.commit}`, async (needs) => {
    const before = await releasedIn(needs.aws, environment)
    await putBundle(needs.aws, environment, built)
    const instances = await findInstances(needs.aws, environment)
    if (migrateOnly)
      return tellOne(needs, instances[0]!, { verb: 'migrate', release: built.commit })
    await tellEach(needs, instances, built.commit)
    if (before && before !== built.commit)
      await keepPrevious(needs.aws, environment, built.commit, before)
    await sayReleased(needs.aws, environment, built.commit)
    say(`${built.commit} serves on ${instances.length} of ${instances.length} instances`)
  })
}

/** Every instance back to what served before; new ones begin with it as well. */
export const rollBackFleet = async (environment: FleetEnvironment, { dry }: Order) => {
  if (dry) return sayPlan(environment, 'rollback')
  await locked(environment, 'a rollback', async (needs) => {
    const left = await releasedIn(needs.aws, environment)
    if (!left) throw new Error(`Nothing was ever released to ${environment.name}.`)
    const previous = await previousOf(needs.aws, environment, left)
    const instances = await findInstances(needs.aws, environment)
    const failures = await bringBack(needs, instances, left)
    if (failures.length > 0)
      throw new NotTakenBack(`${previous} does not serve everywhere: ${failures.join('; ')}`)
    await sayReleased(needs.aws, environment, previous)
    say(`${previous} serves again`)
  })
}

const locked = async (
  environment: FleetEnvironment,
  what: string,
  work: (needs: Needs) => Promise<void>,
) => {
  const aws = awsOf(environment)
  const giveBack = await takeFleetLock(aws, environment, what)
  try {
    await work({ aws, environment })
  } finally {
    await giveBack()
  }
}

// The one that failed has taken itself back, if it says so; those before it are told to.
const tellEach = async (needs: Needs, instances: string[], release: string) => {
  const done: string[] = []
  for (const id of instances) {
    try {
      await tellOne(needs, id, { verb: 'deploy', release })
      done.unshift(id)
    } catch (error) {
      const failures = await bringBack(needs, done, release)
      const why = sentenceOf(error)
      if (error instanceof TakenBack && failures.length === 0)
        throw new TakenBack(`${release} was taken back everywhere: ${why}`)
      throw new NotTakenBack(
        [`${release} was not taken back everywhere: ${why}`, ...failures].join('; '),
      )
    }
  }
}

/** As many as can be; what went wrong with the others. */
const bringBack = async (needs: Needs, instances: string[], release: string) => {
  const failures: string[] = []
  for (const id of instances)
    await tellOne(needs, id, { verb: 'rollback', release }).catch(
      (error: unknown) => void failures.push(sentenceOf(error)),
    )
  return failures
}

const tellOne = async ({ aws, environment }: Needs, id: string, told: Told) => {
  say(`${id}: ${told.verb} ${told.release}`)
  const work = () => tell(aws, environment, id, told)
  const said = await (told.verb === 'migrate' ? work() : outOfTraffic(aws, environment, id, work))
  for (const line of said.trim().split('\n').filter(Boolean)) say(`  ${line}`)
}

const sayPlan = ({ name, region, document, targetGroupArn }: FleetEnvironment, verb: Verb) => {
  say(`would ${verb} in ${region}, on each running instance of ${name} in turn, by ${document}`)
  if (targetGroupArn) say(`would take each out of ${targetGroupArn} meanwhile`)
}

const say = (line: string) => void process.stdout.write(`${line}\n`)
