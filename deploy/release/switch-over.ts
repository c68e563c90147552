import { keepWarm, releaseWorker } from './colour.ts'
import { drain } from './drain.ts'
import type { Build } from './history.ts'
import type { Needs, Running } from './needs.ts'
import { releaseSite } from './site.ts'
import { sayReleased } from './settings.ts'

const ASKED_TIMES = 20

/** All traffic to the idle colour, where this build is ready; what is in flight in the other ends well. */
export const switchOver = async (
  needs: Needs,
  running: Running,
  to: Build,
  then: 'keep warm' | 'leave',
) => {
  const { idle, active } = running
  const { step, edge } = needs
  await step(`all traffic to ${idle}`, () => edge.giveAllTo(idle))
  await step(`drain ${active}`, () => drain(needs, active))
  await step(`everybody is served by ${to.version}`, () => seenByAll(needs, to))
  // Before Nginx cuts the streams that its old workers still hold there.
  if (then === 'keep warm')
    await step(`${active} ends its streams and stays warm`, () => keepWarm(needs, active))
  await step('the worker as well', () => releaseWorker(needs, to))
  await step('the site as well', () => releaseSite(needs, to))
  await step('a plain docker compose up changes nothing of it', () =>
    sayReleased(needs, running, to),
  )
}

const seenByAll = async ({ edge }: Needs, { version }: Build) => {
  const seen = [...(await edge.versionsSeen(ASKED_TIMES))]
  if (seen.some((other) => other !== version))
    throw new Error(`through Nginx ${seen.join(' and ')} answer, not ${version} alone`)
}
