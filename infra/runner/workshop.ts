import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { terraform } from './terraform.ts'

/** Where Terraform works on a stack: what was synthesised, its plugins, and the plan if there is one. */
export type Workshop = {
  stack: string
  folder: string
  plan: string
  environment: NodeJS.ProcessEnv
  lockTimeout: string
}

type From = {
  /** What was synthesised of the environment. */
  synthesised: string
  work: string
  stack: string
  /** A folder of every_override.tf.json and <stack>_override.tf.json: another provider, for instance. */
  overrides?: string | undefined
  environment: NodeJS.ProcessEnv
  lockTimeout: string
}

const LOCAL = 'local_override.tf.json'

export const openWorkshop = (from: From): Workshop => {
  const folder = join(from.work, from.stack)
  mkdirSync(folder, { recursive: true })
  for (const old of readdirSync(folder).filter(
    (name) => name.endsWith('_override.tf.json') && name !== LOCAL,
  ))
    rmSync(join(folder, old))
  cpSync(join(from.synthesised, 'stacks', from.stack, 'cdk.tf.json'), join(folder, 'cdk.tf.json'))
  if (from.overrides) {
    for (const name of ['every', from.stack].map((of) => `${of}_override.tf.json`))
      if (existsSync(join(from.overrides, name)))
        cpSync(join(from.overrides, name), join(folder, name))
  }
  return {
    stack: from.stack,
    folder,
    plan: join(folder, 'plan'),
    environment: withPlugins(from),
    lockTimeout: from.lockTimeout,
  }
}

const withPlugins = ({ work, environment }: From) => {
  if (environment.TF_CLI_CONFIG_FILE ?? environment.TF_PLUGIN_CACHE_DIR) return environment
  const plugins = join(work, '..', 'plugins')
  mkdirSync(plugins, { recursive: true })
  return { ...environment, TF_PLUGIN_CACHE_DIR: plugins }
}

export const run = (shop: Workshop, isHeard: boolean, ...parameters: string[]) =>
  terraform({ folder: shop.folder, arguments: parameters, isHeard, environment: shop.environment })

const NO_BUCKET = /NoSuchBucket|S3 bucket "[^"]*" does not exist|requested S3 bucket/

const refuse = (shop: Workshop, what: string, output: string): never => {
  throw new Error(`${shop.stack}: ${what}\n${output.trim()}`)
}

/**
 * The first stack makes the bucket in which its own state will stand. Until then its state is on this
 * machine; `settleState` moves it.
 */
export const initialise = async (shop: Workshop) => {
  const local = join(shop.folder, LOCAL)
  if (isInitialised(shop)) return
  if (!existsSync(local)) {
    const { code, output } = await run(shop, false, 'init', '-no-color', '-reconfigure')
    if (code === 0) return signInitialised(shop)
    if (!NO_BUCKET.test(output)) refuse(shop, 'cannot be initialised.', output)
    if (shop.stack !== 'bootstrap')
      refuse(shop, 'there is no bucket for states yet. Apply bootstrap first.', '')
    keepStateHere(shop)
  }
  const { code, output } = await run(shop, false, 'init', '-no-color', '-reconfigure')
  if (code !== 0) refuse(shop, 'cannot be initialised.', output)
  signInitialised(shop)
}

/** Of all that init looks at. It reads the whole provider each time, which takes longer than a plan. */
const initialisedFor = (shop: Workshop) => {
  const { terraform: settings } = JSON.parse(
    readFileSync(join(shop.folder, 'cdk.tf.json'), 'utf8'),
  ) as { terraform: object }
  const overrides = readdirSync(shop.folder).filter((name) => name.endsWith('_override.tf.json'))
  const texts = overrides.toSorted().map((name) => readFileSync(join(shop.folder, name), 'utf8'))
  return JSON.stringify([settings, ...texts])
}

const INITIALISED = 'initialised-for'

const isInitialised = (shop: Workshop) => {
  const mark = join(shop.folder, INITIALISED)
  return existsSync(mark) && readFileSync(mark, 'utf8') === initialisedFor(shop)
}

const signInitialised = (shop: Workshop) =>
  writeFileSync(join(shop.folder, INITIALISED), initialisedFor(shop))

const keepStateHere = (shop: Workshop) =>
  writeFileSync(
    join(shop.folder, LOCAL),
    JSON.stringify({ terraform: { backend: { local: { path: 'terraform.tfstate' } } } }),
  )

const moveState = async (shop: Workshop) => {
  const { code, output } = await run(
    shop,
    false,
    'init',
    '-no-color',
    '-migrate-state',
    '-force-copy',
  )
  if (code !== 0) refuse(shop, 'its state could not be moved.', output)
  signInitialised(shop)
}

/** From this machine into the bucket that the apply has made. */
export const settleState = async (shop: Workshop) => {
  if (!existsSync(join(shop.folder, LOCAL))) return
  rmSync(join(shop.folder, LOCAL))
  await moveState(shop)
  for (const left of ['terraform.tfstate', 'terraform.tfstate.backup'])
    rmSync(join(shop.folder, left), { force: true })
}

/** Out of the bucket again, before the bucket goes. */
export const takeStateHome = async (shop: Workshop) => {
  if (existsSync(join(shop.folder, LOCAL))) return
  keepStateHere(shop)
  await moveState(shop)
}

/** A plan is of what was synthesised then; of anything else it is not a plan. */
const fingerprint = (shop: Workshop) =>
  createHash('sha256')
    .update(readFileSync(join(shop.folder, 'cdk.tf.json')))
    .digest('hex')

export const signPlan = (shop: Workshop, kind: 'apply' | 'destroy') =>
  writeFileSync(`${shop.plan}.of`, `${kind} ${fingerprint(shop)}`)

export const hasPlan = (shop: Workshop, kind: 'apply' | 'destroy') => {
  if (!existsSync(shop.plan)) return false
  if (readFileSync(`${shop.plan}.of`, 'utf8') === `${kind} ${fingerprint(shop)}`) return true
  throw new Error(
    `${shop.stack}: its plan is of something else than is synthesised now. Plan again.`,
  )
}

export const dropPlan = (shop: Workshop) => {
  rmSync(shop.plan, { force: true })
  rmSync(`${shop.plan}.of`, { force: true })
}
