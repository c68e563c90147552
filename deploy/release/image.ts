import { run } from './command.ts'
import type { Build } from './history.ts'
import type { Needs } from './needs.ts'

/** What is to be released: built here, there already by its version, or pulled by its digest. */
export type Wanted = (
  | { from: 'build'; version: string | undefined }
  | { from: 'version'; version: string }
  | { from: 'image'; image: string }
  | { from: 'digest'; digest: string }
) & {
  /** The image of its site, where that is not beside it under the same version. */
  site?: string
}

const BUILD_SECONDS_MAX = 900
const PULL_SECONDS_MAX = 300

export const obtain = async (needs: Needs, wanted: Wanted): Promise<Build> => {
  const { repository, siteRepository } = needs.environment
  if (wanted.from === 'build') return build(needs, wanted.version)
  if (wanted.from === 'version') {
    const beside = wanted.site ?? `${siteRepository}:${wanted.version}`
    return inspect(needs, `${repository}:${wanted.version}`, beside)
  }
  const image = wanted.from === 'image' ? wanted.image : `${repository}@${wanted.digest}`
  await pull(needs, image)
  if (wanted.site !== undefined) await pull(needs, wanted.site)
  return inspect(needs, image, wanted.site)
}

const isHere = ({ docker }: Needs, image: string) =>
  docker.docker(['image', 'inspect', '-f', '{{.Id}}', image]).then(
    () => true,
    () => false,
  )

const pull = async (needs: Needs, image: string) => {
  if (await isHere(needs, image)) return
  await needs.docker.docker(['pull', '--quiet', image], { timeoutSeconds: PULL_SECONDS_MAX })
}

const build = async (needs: Needs, asked: string | undefined) => {
  const { folder, repository, siteRepository } = needs.environment
  const git = (...args: string[]) => run('git', args, { folder }).then((out) => out.trim())
  const commit = await git('rev-parse', 'HEAD').catch(() => 'unknown')
  const isDirty = (await git('status', '--porcelain').catch(() => 'unknown')) !== ''
  const version = asked ?? `${commit.slice(0, 12)}${isDirty ? `-${Date.now().toString(36)}` : ''}`
  const make = (file: string, target: string, image: string) => {
    const said = ['--build-arg', `VERSION=${version}`, '--build-arg', `COMMIT=${commit}`]
    const words = ['build', '--quiet', '-f', file, '--target', target, ...said, '-t', image, '.']
    return needs.docker.docker(words, { timeoutSeconds: BUILD_SECONDS_MAX })
  }
  await make('app/backend/Dockerfile', 'backend', `${repository}:${version}`)
  await make('app/frontend/Dockerfile', 'edge', `${siteRepository}:${version}`)
  return inspect(needs, `${repository}:${version}`, `${siteRepository}:${version}`)
}

const inspect = async (needs: Needs, image: string, site?: string): Promise<Build> => {
  const [found] = JSON.parse(await needs.docker.docker(['image', 'inspect', image])) as {
    Id: string
    Config: { Labels: Record<string, string> | null }
  }[]
  const label = (name: string) => found!.Config.Labels?.[`org.opencontainers.image.${name}`]
  const [version, commit] = [label('version') ?? 'unknown', label('revision') ?? 'unknown']
  const hasSite = site !== undefined && (await isHere(needs, site))
  return { version, commit, image, id: found!.Id, ...(hasSite && { site }) }
}
