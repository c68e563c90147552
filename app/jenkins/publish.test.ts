import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folder } from './test-support.ts'

const run = promisify(execFile)
const commit = 'c0ffee'.repeat(6) + 'c0ff'
const digest = `sha256:${'d'.repeat(64)}`
const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

// In Docker's place: it notes what it is asked and in which folder, and keeps a token as the real one does.
const docker = `#!/bin/sh
config="\${DOCKER_CONFIG:-$HOME/.docker}"
echo "$config $*" >>"$HOME/asked"
case $1 in
  login) cat >"$config/config.json" ;;
  push)
    case $PUSH in fails) exit 1 ;; hangs) touch "$HOME/pushing"; sleep 3 ;; esac
    grep -q token "$config/config.json" && touch "$HOME/pushed" ;;
  buildx) [ -e "$HOME/pushed" ] && echo '{"digest":"${digest}"}' ;;
esac
`

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'aeroflash-publish-'))
  await mkdir(join(home, 'bin'))
  await mkdir(join(home, '.docker'))
  await writeFile(join(home, 'bin/docker'), docker, { mode: 0o755 })
  await writeFile(join(home, 'bin/aws'), '#!/bin/sh\necho token\n', { mode: 0o755 })
  const image = { name: 'api', tag: 'api:1', commit, id: digest, published: {} }
  await writeFile(join(home, 'images.json'), JSON.stringify([image]))
})
afterEach(() => rm(home, { recursive: true }))

const publish = (more: Record<string, string> = {}) =>
  run(process.execPath, [join(folder, 'verbs/images.ts'), 'publish', 'staging'], {
    env: {
      PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
      HOME: home,
      REPORTS: home,
      STAGING_REGISTRY: registry,
      ...more,
    },
  })

const isThere = (name: string) =>
  access(join(home, name)).then(
    () => true,
    () => false,
  )

const foldersAsked = async () =>
  new Set(
    (await readFile(join(home, 'asked'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]!),
  )

test('what an agent signs in with to publish is gone afterwards, also when it failed', async () => {
  await publish()
  const [published] = JSON.parse(await readFile(join(home, 'images.json'), 'utf8'))
  expect(published.published.staging).toBe(`${registry}/aeroflash/api@${digest}`)
  await rm(join(home, 'pushed'))
  await expect(publish({ PUSH: 'fails' })).rejects.toThrow(/docker push/)

  const folders = [...(await foldersAsked())]
  expect(folders).toHaveLength(2)
  expect(folders).not.toContain(join(home, '.docker'))
  for (const gone of folders) await expect(access(gone)).rejects.toThrow(/ENOENT/)
  await expect(access(join(home, '.docker/config.json'))).rejects.toThrow(/ENOENT/)
})

test('it is gone as well when somebody stops the build', async () => {
  const publishing = publish({ PUSH: 'hangs' })
  const stopped = expect(publishing).rejects.toThrow()
  await expect.poll(() => isThere('pushing'), { timeout: 10_000 }).toBe(true)
  publishing.child.kill('SIGTERM')
  await stopped
  const [own] = [...(await foldersAsked())]
  await expect(access(own!)).rejects.toThrow(/ENOENT/)
})

test('to a registry where somebody has signed in before it goes with that', async () => {
  await writeFile(join(home, '.docker/config.json'), '{"auths":{"registry.example":"token"}}')
  await publish({ STAGING_REGISTRY: 'registry.example' })
  expect([...(await foldersAsked())]).toEqual([join(home, '.docker')])
})
