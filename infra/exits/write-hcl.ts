import type { TerraformStack } from 'cdktf'

type Ephemeral = Record<string, Record<string, Record<string, string | number | boolean>>>

const ephemeralBlocks = (ephemeral: Ephemeral) =>
  Object.entries(ephemeral).flatMap(([type, named]) =>
    Object.entries(named).map(([name, values]) => {
      const lines = Object.entries(values).map(
        ([key, value]) => `  ${key} = ${JSON.stringify(value)}`,
      )
      return `ephemeral "${type}" "${name}" {\n${lines.join('\n')}\n}`
    }),
  )

/**
 * A stack as HCL, by cdktf's own writer, and mended where that one errs: it forgets to escape what holds
 * a reference, breaks a required version to pieces, takes the firewall's blocks for values, and leaves out
 * blocks that it does not know.
 */
export const writeHcl = (stack: TerraformStack) => {
  stack.prepareStack()
  const { ephemeral = {} } = stack.toTerraform() as { ephemeral?: Ephemeral }
  const hcl = stack
    .toHclTerraform()
    .hcl.replaceAll(/^(\s*\w+ = )"(\{".*\})"$/gm, '$1jsonencode($2)')
    .replaceAll(/^(\s*\w*statement) = \{$/gm, '$1 {')
    .replaceAll(/^\s*0 = "required_version"$/gm, '  required_version = ">= 1.11"')
  return `${[hcl, ...ephemeralBlocks(ephemeral)].join('\n')}\n`
}
