import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { listen, isThere } from './verbs/program.ts'
import { folder, readCasc, readText } from './test-support.ts'

type Service = {
  image: string
  profiles: string[]
  ports?: string[]
  volumes?: string[]
  privileged?: boolean
  cap_drop?: string[]
  read_only?: boolean
  security_opt?: string[]
  mem_limit?: string
  environment?: Record<string, string>
  healthcheck?: unknown
  build?: unknown
}

const text = await readText('compose.jenkins.yml')
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> }
const all = Object.entries(services)
const ours = all.filter(([, service]) => service.build !== undefined)
const dockerfiles = await Promise.all(['Dockerfile', 'agent/Dockerfile'].map(readText))

describe('Jenkins in containers', () => {
  test('controller, an agent that builds, an agent that deploys, an engine; all only when asked for', () => {
    expect(Object.keys(services)).toEqual([
      'jenkins',
      'jenkins-agent-build',
      'jenkins-agent-deploy',
      'jenkins-engine',
    ])
    expect(all.filter(([, { profiles }]) => profiles.join() !== 'ci')).toEqual([])
  })

  test("nobody has the host's Docker", () => {
    expect(text).not.toMatch(/\/var\/run\/docker|docker\.sock:/)
    const mounts = all.flatMap(([, { volumes = [] }]) => volumes)
    expect(mounts.filter((mount) => /^[./~]/.test(mount))).toEqual([])
  })

  test('the engine is asked where a rootless one listens', () => {
    const socket = '/run/user/1000/docker.sock'
    expect(services['jenkins-engine']!.healthcheck).toMatchObject({
      test: ['CMD', 'docker', '-H', `unix://${socket}`, 'info'],
    })
    expect(services['jenkins-agent-build']!.environment!.DOCKER_SOCKET).toBe(socket)
  })

  test('what tests mount into containers lies where the engine has it at the same path', () => {
    const { environment, volumes } = services['jenkins-agent-build']!
    const shared = volumes!.filter((volume) =>
      services['jenkins-engine']!.volumes!.includes(volume),
    )
    expect(shared).toEqual(['jenkins-agent-build:/home/node/agent'])
    expect(environment!.TMPDIR).toBe('/home/node/agent/tmp')
  })

  test('both ends have one Java, which Groovy 4.0 and npm-groovy-lint 18 know', () => {
    const javas = dockerfiles.map((it) => /^FROM jenkins\/jenkins:([\d.]+-jdk(\d+))/m.exec(it)!)
    expect(javas[0]![1]).toBe(javas[1]![1])
    expect(Number(javas[0]![2])).toBeGreaterThanOrEqual(17)
    expect(Number(javas[0]![2])).toBeLessThanOrEqual(24)
  })

  test('the controller has no Docker at all, and the agent that deploys has none', () => {
    expect(Object.keys(services.jenkins!.environment ?? {})).not.toContain('DOCKER_HOST')
    expect(services['jenkins-agent-deploy']!.environment).not.toHaveProperty('DOCKER_HOST')
    expect(dockerfiles[0]).not.toMatch(/docker/)
  })

  test('what we build is hardened; the engine alone is privileged, and is nobody itself', () => {
    expect(
      ours.filter(
        ([, it]) =>
          !it.read_only ||
          it.privileged ||
          it.cap_drop?.join() !== 'ALL' ||
          it.security_opt?.join() !== 'no-new-privileges:true',
      ),
    ).toEqual([])
    expect(all.filter(([, it]) => it.privileged).map(([name]) => name)).toEqual(['jenkins-engine'])
    expect(services['jenkins-engine']!.image).toMatch(/-rootless$/)
  })

  test('only this machine reaches it, by one port; agents come by web socket', () => {
    expect(all.flatMap(([, { ports = [] }]) => ports)).toEqual([
      '127.0.0.1:${JENKINS_PORT:-8090}:8080',
    ])
  })

  test('each has a limit of memory and a check of its health', () => {
    expect(all.filter(([, { mem_limit }]) => mem_limit === undefined)).toEqual([])
    const checked = dockerfiles.every((dockerfile) => dockerfile.includes('HEALTHCHECK'))
    expect(checked && services['jenkins-engine']!.healthcheck !== undefined).toBe(true)
  })

  test('each agent is called as the controller calls it', async () => {
    const { nodes } = await readCasc()
    const named = ours.flatMap(([, { environment }]) => environment?.AGENT_NAME ?? [])
    expect(named).toEqual(nodes.map(({ permanent }) => permanent.name))
  })

  test('every image is pinned', () => {
    const images = [
      ...dockerfiles.flatMap((it) =>
        [...it.matchAll(/^FROM (\S+)(?! AS \w+\nFROM)/gm)].map(([, image]) => image!),
      ),
      services['jenkins-engine']!.image,
    ].filter((image) => image !== 'agent')
    expect(images.length).toBeGreaterThan(7)
    expect(images.filter((image) => !/^[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*$/.test(image))).toEqual(
      [],
    )
  })

  test('no image holds a secret', () => {
    expect(dockerfiles.join('\n')).not.toMatch(/^\s*(ARG|ENV).*(PASSWORD|TOKEN|SECRET|KEY)/m)
  })
})

const hasCompose =
  (await isThere('docker')) && (await listen('docker', ['compose', 'version'])).code === 0
if (!hasCompose)
  process.stderr.write(
    'not run: Compose on app/jenkins/compose.jenkins.yml, which is not installed\n',
  )

test.skipIf(!hasCompose)(
  `Compose itself has nothing to say against it${hasCompose ? '' : ' (NOT RUN: there is no docker compose here)'}`,
  async () => {
    const file = `${folder}compose.jenkins.yml`
    const config = ['compose', '--file', file, '--profile', 'ci', 'config', '--quiet']
    expect(await listen('docker', config)).toEqual({ code: 0, out: '', errors: '' })
  },
)
