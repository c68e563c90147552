import type { FleetEnvironment } from '../environments.ts'
import type { Order } from '../order.ts'
import { CANNOT_SERVE_AGAIN, NotTakenBack, sentenceOf, serves, TakenBack } from '../said.ts'
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
    if (migrateOnly) {
      const told = tellOne(needs, instances[0]!, { verb: 'migrate', release: built.commit })
      // Of that there is nothing to take back.
      await told.catch((error: Error) => {
        throw new Error(error.message, { cause: error })
      })
      return
    }
    await tellEach(needs, instances, { from: before, to: built.commit })
    if (before && before !== built.commit)
      await keepPrevious(needs.aws, environment, built.commit, before)
    await sayReleased(needs.aws, environment, built.commit)
    say(`${built.commit} serves on ${instances.length} of ${instances.length} instances`)
  })
}

/** Every instance back to what served before; new ones begin with it as well. May be asked again. */
export const rollBackFleet = async (environment: FleetEnvironment, { dry, leave }: Order) => {
  if (dry) return sayPlan(environment, 'rollback')
  await locked(environment, 'a rollback', async (needs) => {
    const left = await releasedIn(needs.aws, environment)
    if (!left) throw new Error(`Nothing was ever released to ${environment.name}.`)
    if (leave !== undefined && leave !== left) return say(`nothing to leave: ${serves(left)}`)
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
    const failure = await bringOneBack(needs, id, { from, to }).then(
      () => undefined,
      (error: unknown) => sentenceOf(error),
    )
    if (failure !== undefined) failures.push(failure)
    // The schema is one for all of them.
    if (failure?.includes(CANNOT_SERVE_AGAIN)) break
  }
  return failures
}

// What an instance goes back to by itself is what it served, which need not be what the others did.
const bringOneBack = async (needs: Needs, id: string, { from, to }: Change) => {
  try {
    const said = await tellOne(needs, id, { verb: 'rollback', release: to })
    if (from === undefined || said.includes(serves(from))) return
    say(`${id}: not ${from}, which served before`)
  } catch (error) {
    if (from === undefined || sentenceOf(error).includes(CANNOT_SERVE_AGAIN)) throw error
    say(sentenceOf(error))
  }
  await tellOne(needs, id, { verb: 'deploy', release: from })
}

const tellOne = async ({ aws, environment }: Needs, id: string, told: Told) => {
  say(`${id}: ${told.verb} ${told.release}`)
  const said = await tell(aws, environment, id, told)
  for (const line of said.trim().split('\n').filter(Boolean)) say(`  ${line}`)
  return said
}

const sayPlan = ({ name, region, document }: FleetEnvironment, verb: Verb) =>
  say(`would ${verb} in ${region}, on each running instance of ${name} in turn, by ${document}`)

const say = (line: string) => void process.stdout.write(`${line}\n`)
