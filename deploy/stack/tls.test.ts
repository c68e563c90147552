import { mkdirSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { get } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { watchCertificate } from '../../app/backend/certificate-watch.ts'
import { registry } from '../../app/backend/kernel/metrics.ts'
import { environmentsOf } from '../environments.ts'
import { isCompose } from '../order.ts'
import { dockerOf } from '../release/docker.ts'
import { edgeOf } from '../release/edge.ts'
import { hasDocker, prepareStack, shell, titleOf } from './stack.ts'
import type { Stack } from './stack.ts'

describe.skipIf(!hasDocker)(titleOf('with certificates'), () => {
  let stack: Stack
  let secure: string

  beforeAll(async () => {
    stack = await prepareStack('tls', { PUBLIC_URL: 'https://aeroflash.example' })
    await stack.compose('build', '--quiet', 'nginx')
    for (const name of ['tls', 'acme/.well-known/acme-challenge'])
      mkdirSync(join(stack.folder, name), { recursive: true })
    await certify()
    writeFileSync(join(stack.folder, 'acme/.well-known/acme-challenge/token'), 'answer')
    await stack.compose('up', '--detach', '--no-build', '--no-deps', '--wait', 'nginx')
    secure = `https://127.0.0.1:${stack.ports.HTTPS_PORT}`
  })
  afterAll(() => stack?.remove())

  // Readable for Nginx's user, which is not ours.
  const certify = async () => {
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(
      ' ',
    )
    const [key, certificate] = ['privkey.pem', 'fullchain.pem'].map((n) =>
      join(stack.folder, 'tls', n),
    )
    const files = ['-keyout', key!, '-out', certificate!]
    await shell('openssl', [...request, '-subj', '/CN=aeroflash.example', ...files])
    await shell('chmod', ['-R', 'a+rX', stack.folder])
  }

  const plain = (path: string) =>
    fetch(stack.siteUrl + path, { redirect: 'manual', headers: { Host: 'aeroflash.example' } })

  test('the site is served by HTTP/2, and says that it wants to be asked by https alone', async () => {
    const session = connectHttp2(secure, { rejectUnauthorized: false })
    const request = session.request({ ':path': '/' })
    const [headers] = (await once(request, 'response')) as [Record<string, string>]
    session.destroy()
    expect(Number(headers[':status'])).toBe(200)
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}; includeSubDomains$/)
  })

  test('the worker sees when the certificate expires, which an alert looks at', async () => {
    await watchCertificate({ PUBLIC_URL: secure.replace('127.0.0.1', 'localhost') })
    const metric = await registry.getSingleMetricAsString(
      'site_certificate_expires_timestamp_seconds',
    )
    const expires = Number(/ ([\d.e+]+)$/.exec(metric)?.[1]) * 1000
    const days = (expires - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(1.9)
    expect(days).toBeLessThanOrEqual(2)
  })

  test.each(['TLSv1', 'TLSv1.1'] as const)('nobody is served by %s', async (version) => {
    const asked = new Promise((resolve, reject) => {
      get(
        secure,
        {
          rejectUnauthorized: false,
          maxVersion: version,
          minVersion: version,
          ciphers: 'ALL:@SECLEVEL=0',
        },
        resolve,
      ).once('error', reject)
    })
    await expect(asked).rejects.toThrow()
  })

  test('a browser that comes by http is sent to https, whatever host it says it wants', async () => {
    const answer = await plain('/results?origin=BOG')
    expect(answer.status).toBe(308)
    expect(answer.headers.get('location')).toBe('https://aeroflash.example/results?origin=BOG')
    expect(answer.headers.get('strict-transport-security')).toBeNull()
  })

  test('a release asks this Nginx, and is not sent to another host', async () => {
    const [local] = environmentsOf({
      SETTINGS_FILE: stack.settingsFile,
      COMPOSE_PROJECT_NAME: stack.project,
      ...stack.ports,
    }).filter(isCompose)
    // There is no API behind it here.
    const asked = edgeOf(local!, dockerOf(local!)).versionsSeen(1)
    await expect(asked).rejects.toThrow(/through Nginx \/api\/healthz is answered 50\d/)
  })

  test('Let’s Encrypt is answered by http', async () => {
    const answer = await plain('/.well-known/acme-challenge/token')
    expect([answer.status, await answer.text()]).toEqual([200, 'answer'])
  })

  test('renewed certificates are taken with a reload', async () => {
    const serial = async () => {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        get(secure, { rejectUnauthorized: false, agent: false }, resolve).once('error', reject)
      })
      response.resume()
      return (response.socket as TLSSocket).getPeerCertificate().serialNumber
    }
    const before = await serial()
    await certify()
    await stack.compose('exec', '-T', 'nginx', 'nginx', '-p', '/tmp/', '-s', 'reload')
    await expect.poll(serial, { timeout: 10_000 }).not.toBe(before)
  })
})
