import type { FleetEnvironment } from '../environments.ts'
import type { Order } from '../order.ts'
import { NotTakenBack, sentenceOf, TakenBack } from '../said.ts'
import { awsOf } from './aws.ts'
import type { Aws } from './aws.ts'
import { putBundle, readBuilt } from './bundle.ts'
import { findInstances, tell } from './instances.ts'
import type { Verb } from './instances.ts'
import { takeFleetLock } from './lock.ts'
import { keepPrevious, previousOf, releasedIn, sayReleased } from './released.ts'

type Needs = { aws: Aws; environment: FleetEnvironment; interrupted: AbortSignal }
type Told = { verb: Verb; release: string }
type Change = { from: string | undefined; to: string }

/**
 * Releases to instances over SSM, one after another; each compares, switches and goes back by itself, with the traffic
 * that it has: it stays in the load balancer, for a slice of nobody shows nothing.
 */
export const releaseFleet = async (environment: FleetEnvironment, { migrateOnly, dry }: Order) => {
  if (dry) return sayPlan(environment, 'deploy')
  const built = await readBuilt(environment)
  await locked(environment, `a release of ${built.commit}`, async (needs) => {
    const before = await releasedIn(needs.aws, environment)
    await putBundle(needs.aws, environment, built)
    const instances = await findInstances(needs.aws, environment)
    if (migrateOnly)
      return tellOne(needs, instances[0]!, { verb: 'migrate', release: built.commit })
    await tellEach(needs, instances, { from: before, to: built.commit })
    if (before && before !== built.commit)
      await keepPrevious(needs.aws, environment, built.commit, before)
    await sayReleased(needs.aws, environment, built.commit)
    say(`${built.commit} serves on ${instances.length} of ${instances.length} instances`)
  })
}

/** Every instance back to what served before; new ones begin with it as well. May be asked again. */
export const rollBackFleet = async (environment: FleetEnvironment, { dry }: Order) => {
  if (dry) return sayPlan(environment, 'rollback')
  await locked(environment, 'a rollback', async (needs) => {
    const left = await releasedIn(needs.aws, environment)
    if (!left) throw new Error(`Nothing was ever released to ${environment.name}.`)
    const previous = await previousOf(needs.aws, environment, left)
    const instances = await findInstances(needs.aws, environment)
    const failures = await bringBack(needs, instances, { from: previous, to: left })
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
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      say(`${signal}: ends as soon as the instance that is at it has ended`)
      interruption.abort(new TakenBack(`interrupted by ${signal}`))
    })
  try {
    await work({ aws, environment, interrupted: interruption.signal })
  } finally {
    await giveBack()
  }
}

// The one that failed has taken itself back, if it says so; those before it are told to.
const tellEach = async (needs: Needs, instances: string[], change: Change) => {
  const done: string[] = []
  for (const id of instances) {
    try {
      needs.interrupted.throwIfAborted()
      await tellOne(needs, id, { verb: 'deploy', release: change.to })
      done.unshift(id)
    } catch (error) {
      const failures = await bringBack(needs, done, change)
      const why = sentenceOf(error)
      if (error instanceof TakenBack && failures.length === 0)
        throw new TakenBack(`${change.to} was taken back everywhere: ${why}`)
      const all = [`${change.to} was not taken back everywhere: ${why}`, ...failures]
      throw new NotTakenBack(all.join('; '))
    }
  }
}

/** As many as can be; what went wrong with the others. */
const bringBack = async (needs: Needs, instances: string[], { from, to }: Change) => {
  // What served before is what was released anew.
  if (from === to) return []
  const failures: string[] = []
  for (const id of instances) {
    const goBack = () => tellOne(needs, id, { verb: 'rollback', release: to })
    // One that began with it knows of nothing before.
    const goOn = (error: unknown) => {
      if (from === undefined) throw error
      say(sentenceOf(error))
      return tellOne(needs, id, { verb: 'deploy', release: from })
    }
    await goBack()
      .catch(goOn)
      .catch((error: unknown) => void failures.push(sentenceOf(error)))
  }
  return failures
}

const tellOne = async ({ aws, environment }: Needs, id: string, told: Told) => {
  say(`${id}: ${told.verb} ${told.release}`)
  const said = await tell(aws, environment, id, told)
  for (const line of said.trim().split('\n').filter(Boolean)) say(`  ${line}`)
}

const sayPlan = ({ name, region, document }: FleetEnvironment, verb: Verb) =>
  say(`would ${verb} in ${region}, on each running instance of ${name} in turn, by ${document}`)

const say = (line: string) => void process.stdout.write(`${line}\n`)
