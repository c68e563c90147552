import type { TerraformProvider, TerraformResource, TerraformStack } from 'cdktf'
import type { Environment } from '../settings.ts'

/** Where things are built: a stack, for an environment, in a region. */
export type Site = {
  stack: TerraformStack
  environment: Environment
  region: string
  /** `aeroflash-production`: begins every name. */
  name: string
  /** The number of the account, known when applied. */
  account: string
  /** Another region than the stack's own, for the few things that stand there. */
  at: { provider?: TerraformProvider }
}

/**
 * Lets a resource break a rule of policies/, for a reason. It is written beside the resource in the
 * synthesised JSON, where policies read it, and collected in security-exceptions.md.
 */
export const except = (resource: TerraformResource, rule: string, reason: string) =>
  resource.addOverride(`//.exceptions.${rule}`, reason)
