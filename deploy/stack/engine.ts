import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'

/** The Docker that the tests have, as it and its client describe it. */
export type Engine = { endpoint: string; name: string; cgroupDriver: string }

/**
 * Whether its containers are processes of this machine. By TCP it is another's, or another container's; behind a
 * socket there may be a virtual machine (Docker Desktop), which has a name of its own.
 */
export const isHere = ({ endpoint, name }: Engine, platform: string, machine: string) =>
  platform === 'linux' && endpoint.startsWith('unix://') && name === machine

/** Rootless without systemd it has no cgroups to limit anything with. */
export const appliesLimits = ({ cgroupDriver }: Engine) => cgroupDriver !== 'none'

const ask = (words: string, format: string) =>
  spawnSync('docker', [...words.split(' '), '--format', format], { encoding: 'utf8' }).stdout ?? ''

const askEngine = (): Engine | undefined => {
  const [name, cgroupDriver] = ask('info', '{{.Name}} {{.CgroupDriver}}').trim().split(' ')
  if (!name || !cgroupDriver) return undefined
  const endpoint = process.env.DOCKER_HOST || ask('context inspect', '{{.Endpoints.docker.Host}}')
  return { endpoint, name, cgroupDriver }
}

const engine = askEngine()

/** Whether a container's process can be looked at and killed from here: elsewhere its number is somebody else's. */
export const engineIsHere = engine !== undefined && isHere(engine, process.platform, hostname())
export const engineLimits = engine !== undefined && appliesLimits(engine)

const FAR = 'not run: the engine is not on this machine'
const UNLIMITED = 'not run: this engine applies no limits'
if (engine && !engineIsHere) process.stderr.write(`${FAR}: what looks at processes, or kills one\n`)
if (engine && !engineLimits) process.stderr.write(`${UNLIMITED}: what looks at memory\n`)

export const titleWhereEngineIs = (title: string) => (engineIsHere ? title : `${title} (${FAR})`)
export const titleWhereLimited = (title: string) =>
  engineLimits ? title : `${title} (${UNLIMITED})`
