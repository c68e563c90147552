import type { ComposeEnvironment } from '../environments.ts'
import { run } from './command.ts'
import type { Options } from './command.ts'
import type { Colour } from './slot.ts'

export type Docker = ReturnType<typeof dockerOf>

export type Container = {
  id: string
  imageId: string
  image: string
  version: string
  commit: string
  state: string
  health: string
  restarts: number
  address: string
}

type Inspected = {
  Id: string
  Image: string
  Config: { Image: string; Labels: Record<string, string> | null }
  State: { Status: string; Health?: { Status: string } }
  RestartCount: number
  NetworkSettings: { Networks: Record<string, { IPAddress: string }> }
}

const composed = 'compose --progress quiet --profile release'.split(' ')

/** Docker and Compose as this environment has them. */
export const dockerOf = ({ folder, settingsFile, project }: ComposeEnvironment) => {
  const docker = (args: string[], options: Options = {}) =>
    run('docker', args, { folder, ...options })
  const compose = (args: string[], options: Options = {}) =>
    docker([...composed, '--env-file', settingsFile, ...args], options)

  // By the labels that Compose gives: asking Compose itself takes five times the processor, every two seconds.
  const containersOf = async (service: string): Promise<Container[]> => {
    const labels = { project, service, oneoff: 'False' }
    const wanted = Object.entries(labels).flatMap(([name, value]) => [
      '--filter',
      `label=com.docker.compose.${name}=${value}`,
    ])
    const found = await docker(['ps', '--all', '--quiet', '--no-trunc', ...wanted])
    const ids = found.split('\n').filter(Boolean)
    if (ids.length === 0) return []
    return (JSON.parse(await docker(['inspect', ...ids])) as Inspected[]).map(containerOf)
  }

  return {
    docker,
    compose,
    containersOf,
    apiOf: (colour: Colour) => containersOf(`api-${colour}`),
    /**
     * Runs a TypeScript program of one file beside a container: with its network and its image's Node, and
     * not in its memory, which is measured for one process.
     */
    runBeside: ({ id, imageId }: Container, program: string, args: string[], seconds: number) =>
      docker([...guest, '--network', `container:${id}`, imageId, ...typescript, ...args], {
        input: program,
        timeoutSeconds: seconds,
      }),
  }
}

// With little of the processor: a guest must not be felt by those who are served.
const guest =
  'run --rm -i --read-only --cap-drop ALL --memory 192m --cpu-shares 128 --entrypoint node'.split(
    ' ',
  )
const typescript = ['--input-type=module-typescript', '-']

const containerOf = (inspected: Inspected): Container => {
  const { Id, Image, Config, State, RestartCount, NetworkSettings } = inspected
  const label = (name: string) => Config.Labels?.[`org.opencontainers.image.${name}`] ?? 'unknown'
  return {
    id: Id,
    imageId: Image,
    image: Config.Image,
    version: label('version'),
    commit: label('revision'),
    state: State.Status,
    health: State.Health?.Status ?? 'none',
    restarts: RestartCount,
    address: Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '',
  }
}
