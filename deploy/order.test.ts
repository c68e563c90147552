import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readOrder } from './order.ts'

const run = promisify(execFile)
const deploy = (verb: string, ...words: string[]) =>
  run(process.execPath, [fileURLToPath(new URL(`${verb}.ts`, import.meta.url)), ...words])

const order = (...words: string[]) => readOrder(words, { SETTINGS_FILE: '/nonexistent' })

describe('what is asked for', () => {
  test('each environment has a name, and a wrong one is told all of them', () => {
    expect(order('staging').environment.kind).toBe('fleet')
    expect(() => order('home')).toThrow('local, instance, staging, production')
    expect(() => order()).toThrow('Which environment')
  })

  test('an image by version, name or digest, or built here', () => {
    expect(order('local').wanted).toEqual({ from: 'build', version: undefined })
    expect(order('local', '--version', '1.4').wanted).toEqual({ from: 'version', version: '1.4' })
    expect(order('local', '--build', '--version', '1.4').wanted.from).toBe('build')
    expect(() => order('local', '--digest', 'sha256:12')).toThrow('64 digits')
    expect(() => order('local', '--image', 'a', '--version', 'b')).toThrow('One of')
    expect(() => order('local', '--version', 'a;b')).toThrow('a word')
  })

  test('manners differ this once, within sense', () => {
    expect(order('local', '--compare', '5', '--slice', '20').environment).toMatchObject({
      compareSeconds: 5,
      slicePercent: 20,
    })
    expect(() => order('local', '--slice', '100')).toThrow('no sense')
    expect(() => order('local', '--warm', 'long')).toThrow('no sense')
    expect(() => order('local', '--only', 'half')).toThrow('migrate')
  })
})

describe('dry, a verb says what it would do and does nothing', () => {
  test.each(['local', 'instance', 'staging', 'production'])('%s', async (name) => {
    const said = await Promise.all([
      deploy('deploy', name, '--dry'),
      deploy('deploy', name, '--only', 'migrate', '--dry'),
      deploy('rollback', name, '--dry'),
    ])
    for (const { stdout } of said) expect(stdout).toContain('would')
  })

  test('what cannot be meant is a sentence and an exit code, not a stack trace', async () => {
    const said = await deploy('deploy', 'nowhere').catch((error: object) => error)
    expect(said).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Which environment/) })
    expect((said as { stderr: string }).stderr).not.toContain('    at ')
  })
})
