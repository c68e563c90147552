import type { Build } from './history.ts'
import type { Needs } from './needs.ts'

const BUILDS_KEPT = 5

type Some = Pick<Needs, 'environment' | 'docker'>

const beginOf = ({ environment }: Some, repository: string) =>
  `${repository}:kept-${environment.project}-`

/** A name that no other image will ever have: a tag such as `dev` moves on. */
const keepImage = async (needs: Some, repository: string, id: string) => {
  const image = beginOf(needs, repository) + id.replace('sha256:', '').slice(0, 12)
  await needs.docker.docker(['tag', id, image])
  return image
}

/** The build under names that stay. */
export const keep = async (needs: Some, { site, ...build }: Build): Promise<Build> => {
  const { repository, siteRepository } = needs.environment
  const image = await keepImage(needs, repository, build.id)
  if (site === undefined) return { ...build, image }
  const siteId = (await needs.docker.docker(['image', 'inspect', '-f', '{{.Id}}', site])).trim()
  return { ...build, image, site: await keepImage(needs, siteRepository, siteId) }
}

/** Lets go of all but the builds that served last. */
export const letGo = async (needs: Some, served: Build[]) => {
  const { environment, docker } = needs
  const last = served
    .toReversed()
    .filter(({ id }, n, all) => all.findIndex((one) => one.id === id) === n)
  const kept = new Set(last.slice(0, BUILDS_KEPT).flatMap(({ image, site }) => [image, site]))
  for (const repository of [environment.repository, environment.siteRepository]) {
    const filter = `reference=${beginOf(needs, repository)}*`
    const format = '{{.Repository}}:{{.Tag}}'
    const all = await docker.docker(['image', 'ls', '--filter', filter, '--format', format])
    const gone = all.split('\n').filter((name) => name !== '' && !kept.has(name))
    if (gone.length > 0) await docker.docker(['image', 'rm', ...gone]).catch(() => '')
  }
}
