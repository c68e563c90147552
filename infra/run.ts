import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { askAws } from './runner/aws.ts'
import { failover, finishReturn, prepareReturn, type Step, walk } from './runner/failover.ts'
import { apply, type Changes, plan } from './runner/steps.ts'
import { stopWithUs } from './runner/terraform.ts'
import { hasPlan, openWorkshop, type Workshop } from './runner/workshop.ts'
import { type Environment, findEnvironment } from './settings.ts'
import { inOrder, type Manifest, readManifest, SYNTHESISED } from './synthesised.ts'

const WORK = fileURLToPath(new URL('../.aeroflash/infra', import.meta.url))

const USAGE = `npm run infra -- plan <environment>      plans each stack to a file, in order
npm run infra -- apply <environment>     applies those files, and nothing else
npm run infra -- destroy <environment> --yes <environment>
                                         takes everything down; refused where it is protected
npm run infra -- failover <environment> --yes <environment> [--home-is-gone]
                                         to the region away
npm run infra -- go-back <environment> --yes <environment> [--finish]
                                         home again: first a copy, then, with --finish, the switch

  --stack <name>           this stack alone
  --dry                    says what it would do
  --lock-timeout <time>    how long to wait for somebody else at work (60s)
  --from, --overrides, --work <folder>   other synthesised JSON, additions to it, another workshop`

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stack: { type: 'string' },
    yes: { type: 'string' },
    dry: { type: 'boolean', default: false },
    'home-is-gone': { type: 'boolean', default: false },
    finish: { type: 'boolean', default: false },
    from: { type: 'string', default: SYNTHESISED },
    overrides: { type: 'string' },
    work: { type: 'string', default: WORK },
    'lock-timeout': { type: 'string', default: '60s' },
  },
})
const [verb = '', name = ''] = positionals

const say = (line: string) => console.log(`infra: ${line}`)

const shopsOf = (manifest: Manifest): Workshop[] =>
  inOrder(manifest)
    .filter((stack) => !options.stack || stack === options.stack)
    .map((stack) =>
      openWorkshop({
        stack,
        synthesised: join(options.from, name),
        work: join(options.work, name),
        overrides: options.overrides,
        environment: process.env,
        lockTimeout: options['lock-timeout'],
      }),
    )

const tell = ({ stack }: Workshop, { add, change, destroy }: Changes) =>
  say(`${stack}: ${add} to add, ${change} to change, ${destroy} to destroy`)

/** A stack can be planned once those that it stands on are there. */
const planAll = async (manifest: Manifest) => {
  const missing = new Set<string>()
  for (const shop of shopsOf(manifest)) {
    const before = manifest.stacks[shop.stack]?.dependencies.filter((one) => missing.has(one)) ?? []
    if (before.length > 0) {
      missing.add(shop.stack)
      say(
        `${shop.stack}: not planned, because ${before.join(' and ')} is not there yet. Apply, then plan again.`,
      )
      continue
    }
    const changes = await plan(shop)
    if (!changes.wasApplied) missing.add(shop.stack)
    tell(shop, changes)
  }
}

const applyAll = async (manifest: Manifest) => {
  const planned = shopsOf(manifest).filter((shop) => hasPlan(shop, 'apply'))
  if (planned.length === 0)
    throw new Error(`There is no plan of what is synthesised now: npm run infra -- plan ${name}`)
  for (const shop of planned) {
    await apply(shop)
    say(`${shop.stack}: applied`)
  }
  const waiting = shopsOf(manifest).filter((shop) => !existsSync(join(shop.folder, '.terraform')))
  if (waiting.length > 0)
    say(
      `plan again for ${waiting.map(({ stack }) => stack).join(' and ')}, which can be planned now`,
    )
}

const PROTECTED = (what: string) =>
  `${what} is protected. Set protected: false in infra/settings.ts, synth, plan and apply; then destroy.`

const destroyAll = async (manifest: Manifest) => {
  if (options.yes !== name) throw new Error(`Say --yes ${name} to take ${name} down.`)
  for (const shop of shopsOf(manifest).toReversed()) {
    tell(shop, await plan(shop, 'destroy').catch(sayWhy))
    await apply(shop, 'destroy')
    say(`${shop.stack}: gone`)
  }
}

const sayWhy = (error: Error): never => {
  throw /prevent_destroy|cannot be destroyed/.test(error.message)
    ? new Error(PROTECTED(name))
    : error
}

const goElsewhere = (steps: Step[]) => {
  if (!options.dry && options.yes !== name)
    throw new Error(`Say --yes ${name}, or --dry to see what it would do.`)
  return walk(steps, { aws: askAws, say, isDry: options.dry })
}

const goBack = async (environment: Environment) => {
  if (options.finish) return goElsewhere(finishReturn(environment))
  const { Account } = options.dry
    ? { Account: '<account>' }
    : ((await askAws(environment.region, 'sts', 'get-caller-identity')) as { Account: string })
  return goElsewhere(prepareReturn(environment, Account, new Date().toISOString().slice(0, 10)))
}

const sayDry = (manifest: Manifest) => {
  for (const { stack } of shopsOf(manifest)) say(`would ${verb} ${stack} of ${name}`)
}

const main = async () => {
  if (name === '') throw new Error(USAGE)
  const environment = findEnvironment(name)
  if (verb === 'failover') return goElsewhere(failover(environment, options['home-is-gone']))
  if (verb === 'go-back') return goBack(environment)
  const manifest = readManifest(name, options.from)
  if (options.dry) return sayDry(manifest)
  if (verb === 'plan') return planAll(manifest)
  if (verb === 'apply') return applyAll(manifest)
  if (verb === 'destroy') {
    if (options.from === SYNTHESISED && environment.protected) throw new Error(PROTECTED(name))
    return destroyAll(manifest)
  }
  throw new Error(USAGE)
}

stopWithUs()
await main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
