import { Annotations, type IAspect, Aspects, TerraformStack } from 'cdktf'
import type { Stack } from './rule.ts'
import { violationsIn } from './violations.ts'

const aspect: IAspect = {
  visit: (node) => {
    if (!TerraformStack.isStack(node)) return
    for (const violation of violationsIn(node.toTerraform() as Stack))
      Annotations.of(node).addError(violation)
  },
}

/** A stack that breaks a policy is not written. On each stack: cdktf never asks aspects of the App. */
export const forbidViolations = (stack: TerraformStack) => Aspects.of(stack).add(aspect)
