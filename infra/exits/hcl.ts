import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { App, TerraformStack } from 'cdktf'
import { build } from '../main.ts'
import { environments } from '../settings.ts'
import { machine, skipped, useMirror } from '../test/machine.ts'
import { terraform } from '../runner/terraform.ts'
import { writeHcl } from './write-hcl.ts'

const { values } = parseArgs({ options: { to: { type: 'string' } } })

/** Every stack as HCL. (`hclOutput` of the App writes JSON into a file called cdk.tf: not that.) */
const write = (folder: string) =>
  environments.flatMap((environment) => {
    const scratch = mkdtempSync(join(tmpdir(), 'infra-hcl-app-'))
    const app = new App({ outdir: scratch })
    build(app, environment)
    const stacks = app.node.children.filter((child) => TerraformStack.isStack(child))
    const written = stacks.map((stack) => {
      const place = join(folder, environment.name, stack.node.id)
      mkdirSync(place, { recursive: true })
      writeFileSync(join(place, 'main.tf'), writeHcl(stack))
      return place
    })
    rmSync(scratch, { recursive: true })
    return written
  })

const mirror = machine.provider ? useMirror() : undefined

/** In one workshop for all: what is initialised once need not be again. */
const validate = async (stack: string, workshop: string) => {
  cpSync(join(stack, 'main.tf'), join(workshop, 'main.tf'))
  writeFileSync(join(workshop, 'every_override.tf.json'), JSON.stringify(mirror?.override))
  const environment = { ...process.env, TF_CLI_CONFIG_FILE: mirror?.file }
  const run = (...parameters: string[]) =>
    terraform({ folder: workshop, arguments: parameters, isHeard: false, environment })
  const ready = existsSync(join(workshop, '.terraform.lock.hcl'))
    ? undefined
    : await run('init', '-backend=false', '-no-color')
  const { code, output } = ready && ready.code !== 0 ? ready : await run('validate', '-no-color')
  if (code !== 0) throw new Error(`${stack} is not valid:\n${output.slice(-4000)}`)
}

const folder = values.to ?? mkdtempSync(join(tmpdir(), 'infra-hcl-'))
const stacks = write(folder)
console.log(`${stacks.length} stacks as HCL${values.to ? ` in ${folder}` : ''}`)
if (mirror) {
  const workshop = mkdtempSync(join(tmpdir(), 'infra-hcl-workshop-'))
  try {
    for (const stack of stacks) await validate(stack, workshop)
    console.log('Terraform finds all of them valid')
  } finally {
    for (const left of [workshop, mirror.folder, ...(values.to ? [] : [folder])])
      rmSync(left, { recursive: true, force: true })
  }
} else skipped(stacks.length, 'no provider')
