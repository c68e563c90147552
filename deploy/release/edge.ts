import { setTimeout as wait } from 'node:timers/promises'
import type { ComposeEnvironment } from '../environments.ts'
import type { Docker } from './docker.ts'
import { allTo, readSlot, sliceTo } from './slot.ts'
import type { Colour, Strength } from './slot.ts'

export type Edge = ReturnType<typeof edgeOf>

// The file is replaced at once, and put back when Nginx does not take it up.
const replaceSlot = `
set -e
cd /etc/nginx/slot
cat > active-slot.conf.new
cp active-slot.conf active-slot.conf.old
mv active-slot.conf.new active-slot.conf
nginx -p /tmp/ -t 2>/tmp/slot-test || { cat /tmp/slot-test >&2; mv active-slot.conf.old active-slot.conf; exit 1; }
nginx -p /tmp/ -s reload 2>/dev/null
`

const APART = '--- and the other ---'
const LOOKED_UP_MS = 1_500

/** Nginx, as far as a release has to do with it: whose traffic it is. */
export const edgeOf = (environment: ComposeEnvironment, { docker, containersOf }: Docker) => {
  const inside = async (script: string, input?: string) => {
    const [nginx] = await containersOf('nginx')
    if (!nginx) throw new Error('it has no container')
    return docker(
      ['exec', '-i', nginx.id, 'sh', '-c', script],
      input === undefined ? {} : { input },
    )
  }
  const upstreams = async () => {
    const said = await inside(
      `cd /etc/nginx/conf.d; cat upstream-blue.conf; echo '${APART}'; cat upstream-green.conf`,
    )
    const [blue = '', green = ''] = said.split(APART)
    return { blue, green }
  }

  const slot = async () => readSlot(await inside('cat /etc/nginx/slot/active-slot.conf'))
  const giveSliceTo = async (colour: Colour, percent: number, containers: Strength) => {
    await inside(replaceSlot, sliceTo(colour, percent, containers, await upstreams()))
    await wait(LOOKED_UP_MS)
  }

  return {
    slot,
    giveSliceTo,
    /** By way of a slice: a name that is new to Nginx is nobody until it has been looked up. */
    giveAllTo: async (colour: Colour) => {
      const { active, isWhole } = await slot()
      if (isWhole && active === colour) return
      if (isWhole) await giveSliceTo(colour, 1, { blue: 1, green: 1 })
      await inside(replaceSlot, allTo(colour))
    },
    /** Which version answers through Nginx, asked so many times. */
    versionsSeen: async (times: number) => {
      const seen = new Set<string>()
      for (let time = 0; time < times; time++) {
        const answer = await fetch(`${environment.siteUrl}/api/healthz`)
        if (!answer.ok) throw new Error(`through Nginx /api/healthz is answered ${answer.status}`)
        seen.add(((await answer.json()) as { version: string }).version)
      }
      return seen
    },
  }
}
