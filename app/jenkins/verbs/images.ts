import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { say, verb } from './asked.ts'
import type { Asked } from './asked.ts'
import { ask, listen, mustShow } from './program.ts'
import { readImages, writeReport } from './reports.ts'
import type { Image } from './reports.ts'
import { repository } from './repository.ts'
import { withOwnSignIn } from './signed-in.ts'

const recipes = {
  api: ['--file', 'app/backend/Dockerfile', '--target', 'backend'],
  nginx: ['--file', 'app/frontend/Dockerfile', '--target', 'edge'],
}

/** `images` builds all of them here; `images:publish <environment>…` sends them where a release pulls them from. */
const images = async (asked: Asked) => {
  const [action, ...environments] = asked.words
  if (action === 'publish') return publish(asked, environments)
  if (action !== undefined) throw new Error(`images does not know ${action}`)
  await build(asked)
}

const build = async ({ dry, settings }: Asked) => {
  const commit = await commitOfTree()
  const version = commit.replace(/^(.{12})[^-]*/, '$1')
  const built: Image[] = []
  for (const [name, recipe] of Object.entries(recipes)) {
    const tag = `aeroflash-${name}:${commit}`
    const platform = settings.IMAGE_PLATFORM ? ['--platform', settings.IMAGE_PLATFORM] : []
    const args = ['buildx', 'build', '--load', ...platform, ...recipe, '--tag', tag]
    args.push('--label', `org.opencontainers.image.revision=${commit}`)
    args.push('--label', `org.opencontainers.image.version=${version}`)
    args.push('--build-arg', `COMMIT=${commit}`, '--build-arg', `VERSION=${version}`)
    if (dry) say(`would run: docker ${[...args, '.'].join(' ')}`)
    else built.push({ name, tag, commit, id: await buildOne(args), published: {} })
  }
  if (dry) return
  say(`wrote ${await writeReport('images.json', built)}`)
}

const buildOne = async (args: string[]) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-image-'))
  const idFile = join(folder, 'id')
  try {
    await mustShow('docker', [...args, '--iidfile', idFile, repository])
    return (await readFile(idFile, 'utf8')).trim()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const publish = async (asked: Asked, environments: string[]) => {
  if (environments.length === 0) throw new Error('images publish <environment>…')
  if (asked.dry) {
    for (const environment of environments)
      say(`would push every image of reports/images.json to ${registryName(environment)}`)
    return
  }
  const built = await readImages()
  const dirty = built.find(({ commit }) => commit.endsWith('-dirty'))
  if (dirty) throw new Error(`${dirty.tag} was built from files that are in no commit.`)
  for (const environment of environments) {
    const registry = asked.settings[registryName(environment)]
    if (!registry) throw new Error(`Set ${registryName(environment)}: where its images are kept.`)
    const login = await loginOf(asked, environment, registry)
    const pushAll = async () => {
      for (const image of built) image.published[environment] = await push(image, registry)
    }
    if (login) await withOwnSignIn(() => signIn(registry, login).then(pushAll))
    else await pushAll()
  }
  say(`wrote ${await writeReport('images.json', built)}`)
}

const registryName = (environment: string) => `${environment.toUpperCase()}_REGISTRY`

/** Nothing where whoever runs this has signed in before. */
const loginOf = async ({ settings }: Asked, environment: string, registry: string) => {
  if (registry.includes('.dkr.ecr.')) {
    const words = ['ecr', 'get-login-password', '--profile', environment]
    return { user: 'AWS', password: await ask('aws', words) }
  }
  const { REGISTRY_USER: user, REGISTRY_PASSWORD: password = '' } = settings
  return user ? { user, password } : undefined
}

type Login = { user: string; password: string }

// The password goes by stdin: a command line is there for everybody to read.
const signIn = (registry: string, { user, password }: Login) =>
  ask('docker', ['login', '--username', user, '--password-stdin', registry], password)

const push = async (image: Image, registry: string) => {
  const to = `${registry}/aeroflash/${image.name}`
  const tagged = `${to}:${image.commit}`
  // A commit is published once: its tag never means something else later, and a build may be repeated.
  if (!(await digestOf(tagged))) {
    await mustShow('docker', ['tag', image.id, tagged])
    await mustShow('docker', ['push', '--quiet', tagged])
  }
  const digest = await digestOf(tagged)
  if (!digest) throw new Error(`${tagged} was pushed, but its registry does not show it.`)
  return `${to}@${digest}`
}

const digestOf = async (tagged: string): Promise<string | undefined> => {
  const inspect = ['buildx', 'imagetools', 'inspect', tagged, '--format', '{{json .Manifest}}']
  const { code, out } = await listen('docker', inspect)
  return code === 0 ? (JSON.parse(out) as { digest: string }).digest : undefined
}

const commitOfTree = async () => {
  const commit = await ask('git', ['-C', repository, 'rev-parse', 'HEAD'])
  const changed = await ask('git', ['-C', repository, 'status', '--porcelain'])
  return changed === '' ? commit : `${commit}-dirty`
}

await verb(images)
