import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FleetEnvironment } from '../environments.ts'
import { run } from '../release/command.ts'
import type { Aws } from './aws.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** What an instance needs of the repository to release by itself. */
const parts = [
  'package.json',
  'docker-compose.yml',
  'docker-compose.aws.yml',
  'deploy',
  'app/monitoring',
  // docker-compose.yml includes it, in any profile.
  'app/jenkins/compose.jenkins.yml',
  'app/postgres',
]

type Image = { name: string; commit: string; published: Record<string, string> }

/** What the pipeline built and published for this environment: images by digest, of one commit. */
export const readBuilt = async ({ name }: FleetEnvironment) => {
  const path = join(process.env.REPORTS || join(repository, 'reports'), 'images.json')
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`There is no ${path}: npm run images, then npm run images:publish -- ${name}`)
  })
  const images = JSON.parse(text) as Image[]
  const [first] = images
  const unpublished = images.filter(({ published }) => !published[name])
  if (!first || unpublished.length > 0)
    throw new Error(`Not published for ${name}: ${unpublished.map((one) => one.name).join(', ')}`)
  const digests = Object.fromEntries(images.map((one) => [one.name, one.published[name]!]))
  return { commit: first.commit, images: digests }
}

/** Puts `releases/<commit>.tar.gz` where instances find it: files as committed, and release.json. */
export const putBundle = async (
  aws: Aws,
  { bundles }: FleetEnvironment,
  release: { commit: string; images: Record<string, string> },
) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-bundle-'))
  const [manifest, file] = [join(folder, 'release.json'), join(folder, 'bundle.tar.gz')]
  try {
    await writeFile(manifest, `${JSON.stringify(release, null, 2)}\n`)
    const there = await run('git', ['ls-tree', '--name-only', release.commit, '--', ...parts], {
      folder: repository,
    })
    const paths = there.split('\n').filter(Boolean)
    const made = [
      'archive',
      '--format=tar.gz',
      `--add-file=${manifest}`,
      '-o',
      file,
      release.commit,
    ]
    await run('git', [...made, '--', ...paths], { folder: repository })
    const key = `releases/${release.commit}.tar.gz`
    await aws('s3api put-object', { bucket: bundles, key, body: file })
  } finally {
    await rm(folder, { recursive: true })
  }
}
