import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { terraform } from '../../runner/terraform.ts'
import { environments } from '../../settings.ts'
import { inOrder, readManifest, SYNTHESISED } from '../../synthesised.ts'
import { machine, skipped, useMirror } from '../machine.ts'

const stacks = environments.flatMap(({ name }) =>
  inOrder(readManifest(name)).map((stack) => ({ name, stack })),
)
if (!machine.provider) skipped(stacks.length, 'no provider')

const folder = mkdtempSync(join(tmpdir(), 'infra-validate-'))
const mirror = machine.provider && useMirror()
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  if (mirror) rmSync(mirror.folder, { recursive: true, force: true })
})

test.skipIf(!machine.provider).each(stacks)(
  'Terraform finds $name/$stack valid',
  async ({ name, stack }) => {
    // One folder for all: what is initialised once need not be again.
    cpSync(join(SYNTHESISED, name, 'stacks', stack, 'cdk.tf.json'), join(folder, 'cdk.tf.json'))
    writeFileSync(join(folder, 'every_override.tf.json'), JSON.stringify(mirror?.override))
    const environment = { ...process.env, TF_CLI_CONFIG_FILE: mirror?.file }
    const run = (...parameters: string[]) =>
      terraform({ folder, arguments: parameters, isHeard: false, environment })
    if (!existsSync(join(folder, '.terraform.lock.hcl'))) {
      const ready = await run('init', '-backend=false', '-no-color')
      expect(ready.code, ready.output).toBe(0)
    }
    const { code, output } = await run('validate', '-no-color')
    expect(code, output).toBe(0)
  },
)
