import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { docker, hasDocker, prepareStack, titleOf } from './stack.ts'
import type { Stack } from './stack.ts'

describe.skipIf(!hasDocker)(titleOf('a stack without proper secrets'), () => {
  let stack: Stack | undefined

  beforeAll(async () => {
    stack = await prepareStack('refusals')
    await stack.compose('build', '--quiet', 'check-secrets', 'db')
    await stack.remove()
  })
  afterEach(() => stack?.remove())

  const write = (of: Stack, name: string, value: string) => {
    const file = join(of.folder, 'secrets', name)
    rmSync(file, { force: true })
    writeFileSync(file, value)
    chmodSync(file, 0o444)
  }

  const runningOf = (of: Stack) => of.compose('ps', '--quiet')

  test('on default and short ones it names them all, never a value, and starts nothing', async () => {
    stack = await prepareStack('refusals', { COMPOSE_PROFILES: '' })
    write(stack, 'auth_secret', 'change-me-please-change-me-please-change-me')
    write(stack, 'grafana_admin_password', 'admin')
    write(stack, 'app_database_url', 'postgres://aeroflash_app:password@db:5432/aeroflash')
    await expect(stack.up('worker')).rejects.toThrow(/check-secrets/)
    const said = await stack.compose('logs', '--no-log-prefix', 'check-secrets')
    expect(said).toContain('auth_secret: a placeholder, not a secret')
    expect(said).toContain('grafana_admin_password: at least 16 characters')
    expect(said).toContain('app_database_url: a placeholder, not a secret')
    expect(said).not.toContain('please')
    expect(await runningOf(stack)).toBe('')
  })

  test('without one of their files it starts nothing', async () => {
    stack = await prepareStack('refusals', { COMPOSE_PROFILES: '' })
    rmSync(join(stack.folder, 'secrets', 'auth_secret'))
    await expect(stack.up('worker')).rejects.toThrow(/auth_secret/)
    expect(await runningOf(stack)).toBe('')
  })

  test('a process that is given a default one by itself refuses, too', async () => {
    stack = await prepareStack('refusals')
    write(stack, 'auth_secret', 'change-me-please-change-me-please-change-me')
    const file = `${join(stack.folder, 'secrets', 'auth_secret')}:/run/secrets/auth_secret:ro`
    const words = ['--volume', file, '--env', 'AUTH_SECRET_FILE=/run/secrets/auth_secret']
    await expect(docker('run', '--rm', ...words, 'aeroflash-api:dev')).rejects.toThrow(
      /AUTH_SECRET: a placeholder/,
    )
  })
})
