import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  dropPlan,
  hasPlan,
  initialise,
  run,
  settleState,
  signPlan,
  takeStateHome,
  type Workshop,
} from './workshop.ts'

export type Changes = { add: number; change: number; destroy: number; wasApplied: boolean }

type Planned = {
  prior_state?: { values?: { root_module?: { resources?: { mode: string }[] } } }
  resource_changes?: { mode: string; change: { actions: string[] } }[]
}

const count = ({ resource_changes = [] }: Planned, action: string) =>
  resource_changes.filter(
    ({ mode, change }) => mode === 'managed' && change.actions.includes(action),
  ).length

const read = async (shop: Workshop): Promise<Changes> => {
  const { code, output } = await run(shop, false, 'show', '-json', '-no-color', 'plan')
  if (code !== 0) throw new Error(`${shop.stack}: its plan cannot be read.\n${output}`)
  const planned = JSON.parse(output) as Planned
  return {
    add: count(planned, 'create'),
    change: count(planned, 'update'),
    destroy: count(planned, 'delete'),
    wasApplied: (planned.prior_state?.values?.root_module?.resources ?? []).some(
      ({ mode }) => mode === 'managed',
    ),
  }
}

const LOCKED = /Error acquiring the state lock[\s\S]*?(Who:\s+(\S+))?/

const whyNot = (shop: Workshop, output: string) => {
  if (LOCKED.test(output)) {
    const who = /Who:\s+(\S+)/.exec(output)?.[1] ?? 'somebody'
    return `${shop.stack}: ${who} is at work on it and holds its lock. Wait, or ask them.`
  }
  return `${shop.stack}: Terraform could not plan.\n${output.slice(-4000)}`
}

/** To a file, so that what is applied is what was looked at. */
export const plan = async (
  shop: Workshop,
  kind: 'apply' | 'destroy' = 'apply',
): Promise<Changes> => {
  dropPlan(shop)
  await initialise(shop)
  if (kind === 'destroy' && shop.stack === 'bootstrap') await takeStateHome(shop)
  const { code, output } = await run(
    shop,
    true,
    'plan',
    '-no-color',
    '-input=false',
    '-out=plan',
    `-lock-timeout=${shop.lockTimeout}`,
    ...(kind === 'destroy' ? ['-destroy'] : []),
  )
  if (code !== 0) throw new Error(whyNot(shop, output))
  signPlan(shop, kind)
  return read(shop)
}

/** Nothing but the file. A plan is used once: Terraform refuses it when the world has moved on. */
export const apply = async (shop: Workshop, kind: 'apply' | 'destroy' = 'apply') => {
  if (!hasPlan(shop, kind))
    throw new Error(`${shop.stack}: there is no plan of what is synthesised now. Plan first.`)
  // A plan that was made elsewhere comes without its plugins.
  if (!existsSync(join(shop.folder, '.terraform'))) await initialise(shop)
  const { code, output } = await run(
    shop,
    true,
    'apply',
    '-no-color',
    '-input=false',
    '-parallelism=24',
    `-lock-timeout=${shop.lockTimeout}`,
    'plan',
  )
  dropPlan(shop)
  if (code !== 0)
    throw new Error(`${shop.stack}: not applied as a whole. Plan again.\n${output.slice(-4000)}`)
  if (kind === 'apply') await settleState(shop)
}
