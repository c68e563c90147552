import type { Container } from './docker.ts'
import type { Build } from './history.ts'
import type { Needs, Running } from './needs.ts'
import { otherThan } from './slot.ts'

/** What serves now. Puts right what a release that was killed left behind. */
export const lookAround = async ({ docker, edge, say }: Needs): Promise<Running> => {
  await docker.docker(['info', '--format', '{{.ServerVersion}}']).catch(() => {
    throw new Error('Docker does not answer.')
  })
  const slot = await edge.slot().catch((error: Error) => {
    throw new Error(
      `Nginx does not run: start the stack first (docker compose up). ${error.message}`,
    )
  })
  if (!slot.isWhole) {
    say(`a release that was killed left a slice open: all traffic goes back to ${slot.active}`)
    await edge.giveAllTo(slot.active)
  }
  const serving = await docker.apiOf(slot.active)
  const [first] = serving
  if (!first) throw new Error(`There is nothing in ${slot.active}, which has the traffic.`)
  const { active } = slot
  return { active, idle: otherThan(active), build: buildOf(first), containers: serving.length }
}

export const buildOf = ({ version, commit, image, imageId }: Container): Build => ({
  version,
  commit,
  image,
  id: imageId,
})
