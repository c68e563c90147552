import type { Build } from './history.ts'
import type { Needs } from './needs.ts'

// The mark keeps a Nginx that starts again from going back to the site of its own image.
const renew = 'update-site && touch /etc/nginx/slot/site-is-released'

/**
 * Puts the site of that build where the running Nginx serves it. What open pages name stays, and the first
 * page comes last. A build without one leaves the site as it is.
 */
export const releaseSite = async ({ docker }: Needs, { site }: Build) => {
  if (site === undefined) return
  const beside = ['run', '--rm', '--no-deps', '-T', '--entrypoint', 'sh']
  await docker.compose([...beside, 'nginx', '-c', renew], { environment: { NGINX_IMAGE: site } })
}
