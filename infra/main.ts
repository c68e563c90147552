import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { App } from 'cdktf'
import { writeExceptions } from './policies/exceptions.ts'
import { fillIn } from './readme/write-readme.ts'
import { environments, type Environment } from './settings.ts'
import { bootstrap } from './stacks/bootstrap.ts'
import { dr } from './stacks/dr.ts'
import { foundation } from './stacks/foundation.ts'
import { service } from './stacks/service.ts'
import { SYNTHESISED } from './synthesised.ts'

/** An environment: once per account, then what must last, then what serves, then the region away. */
export const build = (app: App, environment: Environment) => {
  const first = bootstrap(app, environment)
  const { stack, ground, away } = foundation(app, environment)
  stack.addDependency(first)
  const serving = service(app, environment, ground)
  if (environment.away && away) dr(app, environment, environment.away, away).addDependency(serving)
}

// cdktf does not ask; its fork does (exits/cdktn.ts), because secrets that are only written need them.
const TARGETS = { terraform: '>=1.11.0', opentofu: '>=1.11.0' }

export const synthesise = (environment: Environment, folder: string) => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const app = new App({ outdir: folder, context: { targetVersions: TARGETS } })
  build(app, environment)
  app.synth()
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Every environment, and what is told of them all. */
export const synthesiseAll = (folder: string) => {
  for (const environment of environments) synthesise(environment, `${folder}/${environment.name}`)
  const names = environments.map(({ name }) => name)
  return {
    'security-exceptions.md': writeExceptions(names, folder),
    'README.md': fillIn(readFileSync(here('README.md'), 'utf8'), folder),
  }
}

if (import.meta.main && process.argv.includes('--dry'))
  console.log(`would synthesise ${environments.map(({ name }) => name).join(', ')}`)
else if (import.meta.main) {
  for (const [path, text] of Object.entries(synthesiseAll(SYNTHESISED)))
    writeFileSync(here(path), text)
  for (const { name, topology, region } of environments)
    console.log(`${name}: ${topology} in ${region}`)
}
