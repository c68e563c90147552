import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { generated } from './generated.ts'

// Everything that is written by code and kept in git: rules and dashboards.
const written = ['prometheus/rules', 'grafana/dashboards'].map((path) =>
  join(import.meta.dirname, path),
)
for (const folder of written) await rm(folder, { recursive: true, force: true })

for (const [path, text] of generated()) {
  const file = join(import.meta.dirname, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
execFileSync('oxfmt', written, { stdio: 'inherit' })
