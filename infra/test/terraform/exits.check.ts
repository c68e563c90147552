import { execFile } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { filesIn, SYNTHESISED } from '../../synthesised.ts'
import { machine, skipped } from '../machine.ts'

const run = promisify(execFile)
const INFRA = fileURLToPath(new URL('../..', import.meta.url))
const MINUTES = 60_000

test(
  'the same code on cdktn differs in versions and the provider’s source alone',
  async () => {
    const { stdout } = await run(process.execPath, [join(INFRA, 'exits/cdktn.ts')])
    expect(stdout).toMatch(/\d+ files are the same, but for versions/)
  },
  8 * MINUTES,
)

test(
  'every stack is valid as HCL',
  async () => {
    const { stdout } = await run(process.execPath, [join(INFRA, 'exits/hcl.ts')])
    expect(stdout).toMatch(/\d+ stacks as HCL/)
    if (machine.provider) expect(stdout).toContain('Terraform finds all of them valid')
  },
  8 * MINUTES,
)

if (!machine.node20) skipped(1, 'no Node 20')

/** Node 20 does not know types, so they are taken away first; nothing else is changed. */
test.skipIf(!machine.node20)(
  'on Node 20 the same is synthesised, to the byte',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'infra-node20-'))
    const sources = globSync('**/*.ts', { cwd: INFRA }).filter((path) => !/test/.test(path))
    for (const path of sources) {
      const to = join(folder, 'infra', path.replace(/ts$/, 'js'))
      mkdirSync(dirname(to), { recursive: true })
      const plain = stripTypeScriptTypes(readFileSync(join(INFRA, path), 'utf8'))
      writeFileSync(to, plain.replaceAll(/(from '\..*)\.ts'/g, "$1.js'"))
    }
    cpSync(join(INFRA, 'host/bin'), join(folder, 'infra/host/bin'), { recursive: true })
    cpSync(join(INFRA, 'host/units'), join(folder, 'infra/host/units'), { recursive: true })
    cpSync(join(INFRA, 'README.md'), join(folder, 'infra/README.md'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(
      join(folder, 'go.js'),
      `import { synthesiseAll } from './infra/main.js'\nsynthesiseAll('${folder}/out')\n`,
    )
    symlinkSync(join(INFRA, '..', 'node_modules'), join(folder, 'node_modules'))
    await run(machine.node20 ?? '', ['go.js'], { cwd: folder })
    expect(filesIn(join(folder, 'out'))).toEqual(filesIn(SYNTHESISED))
    rmSync(folder, { recursive: true })
  },
  2 * MINUTES,
)
