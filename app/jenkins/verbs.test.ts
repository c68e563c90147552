import { execFile } from 'node:child_process'
import { access, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repository } from './verbs/repository.ts'

type Manifest = { scripts: Record<string, string> }

const run = promisify(execFile)
const jenkinsfile = await readFile(join(repository, 'Jenkinsfile'), 'utf8')
const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as Manifest

const called = [...jenkinsfile.matchAll(/\bsh '(npm [^']+)'/g)].map(([, line]) => line!)
const runs = [...new Set(called)].filter((line) => line.startsWith('npm run '))
const verbOf = (line: string) => line.split(' ')[2]!
const wordsOf = (line: string) => line.split(' -- ')[1]?.split(' ') ?? []

/** What a script is made of, through the scripts that it calls in turn. */
const partsOf = (verb: string): string[] =>
  (scripts[verb]?.split(' && ') ?? []).flatMap((part) => {
    const [program, first, inner] = part.split(' ')
    return program === 'npm' && first === 'run' ? partsOf(inner!) : [part]
  })
const filesOf = (parts: string[]) => parts.flatMap((part) => part.match(/\S+\.(ts|json)\b/g) ?? [])
const isOurs = (part: string) => part.startsWith('node ')

test('there is a verb for every stage', () => {
  expect(runs.length).toBeGreaterThan(15)
  expect([...new Set(runs.map(verbOf))].filter((verb) => !(verb in scripts))).toEqual([])
})

test('each verb names files that are there, and programs that npm ci installs', async () => {
  const parts = [...new Set(runs.map(verbOf))].flatMap(partsOf)
  const programs = parts.map((part) => `node_modules/.bin/${part.split(' ')[0]}`)
  const made = /^reports\//
  const paths = [...programs, ...filesOf(parts)].filter((path) => !made.test(path))
  const missing = await Promise.all(
    paths.map((path) =>
      access(join(repository, path)).then(
        () => [],
        () => [path],
      ),
    ),
  )
  expect(missing.flat()).toEqual([])
})

describe('dry', () => {
  let bin = ''
  // With no Docker, no Terraform and no AWS on the PATH, a verb that is not dry cannot do what it would.
  beforeAll(async () => {
    bin = await mkdtemp(join(tmpdir(), 'aeroflash-dry-'))
    await symlink(process.execPath, join(bin, 'node'))
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const git = join(folder, 'git')
      await access(git)
        .then(
          () => symlink(git, join(bin, 'git')),
          () => undefined,
        )
        .catch(() => undefined)
    }
  })
  afterAll(() => rm(bin, { recursive: true, force: true }))

  const environment = () => ({
    PATH: bin,
    HOME: bin,
    DRY_RUN: '1',
    STAGING_URL: 'http://127.0.0.1:9',
    PRODUCTION_URL: 'http://127.0.0.1:9',
    AWS_EC2_METADATA_DISABLED: 'true',
  })

  const dry = async (line: string) => {
    const said = scripts[verbOf(line)]!.split(' ').slice(1)
    const [file = '', ...fixed] = said.filter((word) => !word.startsWith('--max-'))
    const words = wordsOf(line).map((word) => word.replace(/^"\$(\w+)"$/, 'http://127.0.0.1:9'))
    const args = [join(repository, file), ...fixed, ...words, '--dry']
    const { stdout, stderr } = await run(process.execPath, args, {
      cwd: repository,
      env: environment(),
    })
    return stdout + stderr
  }

  const ours = runs.filter((line) => isOurs(scripts[verbOf(line)] ?? ''))

  test.each(ours)('%s says what it would do, and does nothing', async (line) => {
    expect(await dry(line)).toMatch(/\bwould\b/)
  })

  // What only calls other people's programs has no dry mode: that they are there was seen above.
  test('no other verb does more than call tools of package.json', () => {
    const others = runs.filter((line) => !ours.includes(line)).map(verbOf)
    const tools = new Set(['tsc', 'oxlint', 'oxfmt', 'vitest'])
    const parts = others.flatMap(partsOf).filter((part) => !isOurs(part))
    expect(
      [...new Set(parts.map((part) => part.split(' ')[0]!))].filter((tool) => !tools.has(tool)),
    ).toEqual([])
  })
})

test('news is told even when no package could be installed', async () => {
  const bare = await mkdtemp(join(tmpdir(), 'aeroflash-bare-'))
  try {
    const files = filesOf([scripts.notify!])
    await mkdir(join(bare, dirname(files[0]!)), { recursive: true })
    await cp(join(repository, dirname(files[0]!)), join(bare, dirname(files[0]!)), {
      recursive: true,
    })
    await writeFile(join(bare, 'package.json'), '{ "type": "module" }')
    const env = {
      PATH: process.env.PATH,
      GIT_COMMIT: 'f'.repeat(40),
      BUILD_URL: 'https://ci.example/1',
    }
    const { stdout } = await run(process.execPath, [join(bare, files[0]!), 'failed'], { env })
    expect(stdout).toContain(
      'TOLD NOBODY: NOTIFY_WEBHOOK_URL is not set: AeroFlash ffffffffffff failed: https://ci.example/1',
    )
  } finally {
    await rm(bare, { recursive: true })
  }
})
