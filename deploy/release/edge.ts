import { get } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { ComposeEnvironment } from '../environments.ts'
import type { Docker } from './docker.ts'
import { allTo, readSlot, sliceTo } from './slot.ts'
import type { Colour, Slot, Strength } from './slot.ts'

export type Edge = ReturnType<typeof edgeOf>

/**
 * The file is replaced at once, and put back when Nginx would not take it up. Nginx reads all its files to test
 * them and again to take them up, a processor for 30 ms each: apart, and told by a signal, not by a third process
 * that reads them (nginx -s).
 */
const replaceSlot = `
set -e
cd /etc/nginx/slot
cat > active-slot.conf.new
cp active-slot.conf active-slot.conf.old
mv active-slot.conf.new active-slot.conf
nginx -p /tmp/ -t 2>/tmp/slot-test || { cat /tmp/slot-test >&2; mv active-slot.conf.old active-slot.conf; exit 1; }
sleep 0.3
kill -HUP "$(cat /tmp/nginx.pid)"
`

// A stranger would be sent to https (nginx/image/https.conf), where another host may answer. fetch sets no Host.
const askAsNeighbour = (url: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { Host: 'nginx' }, timeout: ASKED_MS_MAX }, resolve)
      .once('timeout', function (this: ClientRequest) {
        this.destroy(new Error('through Nginx nothing is answered'))
      })
      .once('error', reject)
  })

const ASKED_MS_MAX = 5_000

const APART = '--- and the other ---'
const LOOKED_UP_MS = 1_500

/** Nginx, as far as a release has to do with it: whose traffic it is. */
export const edgeOf = (environment: ComposeEnvironment, { docker, containersOf }: Docker) => {
  // To look costs a tenth of a second of a processor, just when traffic moves; and while the lock is held no other
  // release changes what was seen.
  let seen: { nginx?: string | undefined; upstreams?: Record<Colour, string>; slot?: Slot } = {}

  const inside = async (script: string, input?: string) => {
    seen.nginx ??= (await containersOf('nginx'))[0]?.id
    if (!seen.nginx) throw new Error('it has no container')
    return docker(
      ['exec', '-i', seen.nginx, 'sh', '-c', script],
      input === undefined ? {} : { input },
    ).catch((error: Error) => {
      seen = {}
      throw error
    })
  }
  const readUpstreams = async () => {
    const said = await inside(
      `cd /etc/nginx/conf.d; cat upstream-blue.conf; echo '${APART}'; cat upstream-green.conf`,
    )
    const [blue = '', green = ''] = said.split(APART)
    return { blue, green }
  }
  const replace = async (text: string) => {
    await inside(replaceSlot, text)
    seen.slot = readSlot(text)
  }

  // Afresh: who asks may have to put right what somebody else did meanwhile, such as making Nginx anew.
  const slot = async () => {
    seen = {}
    seen.slot = readSlot(await inside('cat /etc/nginx/slot/active-slot.conf'))
    return seen.slot
  }
  const giveSliceTo = async (colour: Colour, percent: number, containers: Strength) => {
    seen.upstreams ??= await readUpstreams()
    await replace(sliceTo(colour, percent, containers, seen.upstreams))
    await wait(LOOKED_UP_MS)
  }

  return {
    slot,
    giveSliceTo,
    /** By way of a slice: a name that is new to Nginx is nobody until it has been looked up. */
    giveAllTo: async (colour: Colour) => {
      const { active, isWhole } = seen.slot ?? (await slot())
      if (isWhole && active === colour) return
      if (isWhole) await giveSliceTo(colour, 1, { blue: 1, green: 1 })
      await replace(allTo(colour))
    },
    /** Which version answers through this Nginx, asked so many times. */
    versionsSeen: async (times: number) => {
      const versions = new Set<string>()
      for (let time = 0; time < times; time++) {
        const answer = await askAsNeighbour(`${environment.siteUrl}/api/healthz`)
        const { statusCode } = answer
        if (statusCode !== 200)
          throw new Error(`through Nginx /api/healthz is answered ${statusCode}`)
        versions.add(((await json(answer)) as { version: string }).version)
      }
      return versions
    },
  }
}
