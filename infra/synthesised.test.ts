import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { synthesiseAll } from './main.ts'
import { environments } from './settings.ts'
import { filesIn, inOrder, readManifest, readStack, SYNTHESISED } from './synthesised.ts'

const here = (path: string) => new URL(path, import.meta.url)
let folder = ''
let written: ReturnType<typeof synthesiseAll>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-synthesised-'))
  written = synthesiseAll(folder)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what is committed is what the code says now: otherwise run npm run synth', () => {
  const now = filesIn(folder)
  const committed = filesIn(SYNTHESISED)
  expect(Object.keys(committed)).toEqual(Object.keys(now))
  for (const path of Object.keys(now)) expect(committed[path] === now[path], path).toBe(true)
})

test('the exceptions, the pictures and the costs that are committed are those of the code', () => {
  for (const [path, text] of Object.entries(written))
    expect(readFileSync(here(path), 'utf8') === text, `${path}: run npm run synth`).toBe(true)
})

test('written twice, it is the same to the byte', () => {
  const again = mkdtempSync(join(tmpdir(), 'infra-again-'))
  synthesiseAll(again)
  expect(filesIn(again)).toEqual(filesIn(folder))
  rmSync(again, { recursive: true })
})

test('nothing of this machine is in it', () => {
  for (const [path, text] of Object.entries(filesIn(SYNTHESISED))) {
    expect(text.includes(process.cwd()), path).toBe(false)
    expect(text, path).not.toMatch(/"local"|\/tmp\/|\/root\//)
  }
})

test('stacks are applied in the order in which they stand on each other', () => {
  expect(inOrder(readManifest('production'))).toEqual(['bootstrap', 'foundation', 'service'])
  expect(inOrder(readManifest('production-dr'))).toEqual([
    'bootstrap',
    'foundation',
    'service',
    'dr',
  ])
})

test('each state stands in the bucket of its environment, encrypted, with S3’s own lock', () => {
  for (const { name, owner } of environments)
    for (const stack of inOrder(readManifest(name)))
      expect(readStack(name, stack).terraform?.backend).toEqual({
        s3: {
          bucket: `${owner}-aeroflash-${name}-state`,
          key: `${stack}.tfstate`,
          region: 'eu-west-1',
          encrypt: true,
          use_lockfile: true,
        },
      })
})

test('nobody imports the index of the provider, which costs 570 MB', () => {
  const root = new URL('.', import.meta.url).pathname
  const files = globSync('**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'))
  expect(files.length).toBeGreaterThan(40)
  for (const path of files)
    expect(readFileSync(join(root, path), 'utf8'), path).not.toMatch(/from '@cdktf\/provider-aws'/)
})
