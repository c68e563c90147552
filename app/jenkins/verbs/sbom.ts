import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { say, verb } from './asked.ts'
import type { Asked } from './asked.ts'
import { ask } from './program.ts'
import { writeReport } from './reports.ts'
import { repository } from './repository.ts'

const bill = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(z.looseObject({ name: z.string(), version: z.string(), purl: z.string() })),
})

const entry = z.looseObject({
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  optional: z.boolean().optional(),
})
const lock = z.looseObject({ packages: z.record(z.string(), entry) })

const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx']

/**
 * Lists, as CycloneDX, every package that the images install: neither what only builds and tests, nor the
 * Node that they have by themselves.
 */
const listParts = async ({ dry }: Asked) => {
  if (dry) return say(`would run: npm ${args.join(' ')}, on the packages of production`)
  const made = await mkdtemp(join(tmpdir(), 'aeroflash-sbom-'))
  // npm calls the whole as its folder is called.
  const folder = join(made, 'aeroflash')
  try {
    await mkdir(folder)
    await copyProduction(folder)
    const parts = bill.parse(JSON.parse(await ask('npm', [...args, '--prefix', folder])))
    const path = await writeReport('sbom.cdx.json', parts)
    say(`${parts.components.length} packages in ${path}`)
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

// `npm sbom --omit=dev` also leaves out what production shares with a tool, pg and zod here (npm/cli, issue
// 7909): it is shown a project that has no tools.
const copyProduction = async (folder: string) => {
  const read = async (name: string) =>
    z.looseObject({}).parse(JSON.parse(await readFile(join(repository, name), 'utf8')))
  const { devDependencies: _, optionalDependencies: __, ...manifest } = await read('package.json')
  const locked = lock.parse(await read('package-lock.json'))
  const kept = Object.entries(locked.packages).filter(
    ([, { dev, devOptional, optional }]) => !dev && !devOptional && !optional,
  )
  const packages = { ...Object.fromEntries(kept), '': manifest }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ ...locked, packages }))
}

await verb(listParts)
