import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFlights, openShop } from './shop.ts'
import { startableServices } from './services.ts'
import { engineIsHere, engineLimits, titleWhereEngineIs, titleWhereLimited } from './engine.ts'
import { docker, hasDocker, patience, prepareStack, titleOf } from './stack.ts'
import type { Stack } from './stack.ts'

const HEALTHY_SECONDS_MAX = 60

describe.skipIf(!hasDocker)(titleOf('docker compose up, from nothing'), () => {
  let stack: Stack
  let services: string[]
  let seconds: number
  let secondsMax: number

  beforeAll(async () => {
    stack = await prepareStack('up')
    await stack.compose('build', '--quiet')
    services = await startableServices(stack)
    secondsMax = HEALTHY_SECONDS_MAX * patience()
    seconds = await stack.up(...services)
  })
  afterAll(() => stack?.remove())

  test('everything that has an image here is healthy within a minute', async () => {
    process.stdout.write(`healthy after ${seconds.toFixed(1)} s: ${services.join(', ')}\n`)
    expect(seconds).toBeLessThan(secondsMax)
    for (const id of await stack.containers()) {
      const { Name, State } = await stack.inspect(id)
      if (State.Health) expect(State.Health.Status, Name).toBe('healthy')
      else expect([State.Status, State.ExitCode], Name).toEqual(['exited', 0])
    }
  })

  test('every container runs without capabilities, on files it cannot write, by an image’s digest', async () => {
    for (const id of await stack.containers()) {
      const { Name, HostConfig, Image } = await stack.inspect(id)
      expect(HostConfig.ReadonlyRootfs, Name).toBe(true)
      expect(HostConfig.CapDrop, Name).toEqual(['ALL'])
      expect(HostConfig.CapAdd ?? [], Name).toEqual([])
      expect(HostConfig.Privileged, Name).toBe(false)
      expect(HostConfig.SecurityOpt, Name).toContain('no-new-privileges:true')
      expect(Image).toMatch(/^sha256:/)
    }
  })

  test.skipIf(!engineIsHere)(
    titleWhereEngineIs('no process of theirs is root or holds a capability, as the kernel says'),
    async () => {
      for (const id of await stack.containers()) {
        const { Name, State } = await stack.inspect(id)
        if (State.Pid === 0) continue
        const status = readFileSync(`/proc/${State.Pid}/status`, 'utf8')
        expect(/^Uid:\s+(\d+)/m.exec(status)![1], Name).not.toBe('0')
        expect(/^CapEff:\s+(\w+)/m.exec(status)![1], Name).toMatch(/^0+$/)
      }
    },
  )

  test.skipIf(!engineLimits)(
    titleWhereLimited('each has a limit of memory, and uses less than that'),
    async () => {
      for (const id of await stack.containers()) {
        const { Name, HostConfig } = await stack.inspect(id)
        expect(HostConfig.Memory, Name).toBeGreaterThan(0)
      }
      const lines = (
        await docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}} {{.MemPerc}}')
      )
        .split('\n')
        .filter((line) => line.startsWith(stack.project))
      process.stdout.write(`${lines.join('\n')}\n`)
      for (const line of lines) expect(Number(/([\d.]+)%$/.exec(line)![1]), line).toBeLessThan(90)
    },
  )

  test('a passenger books and pays through Nginx, and the auditor finds nothing', async () => {
    const shop = await openShop(stack.siteUrl, 4)
    while (shop.sold.length < 12) await new Promise((resolve) => setTimeout(resolve, 50))
    await shop.close()
    expect(shop.odd).toEqual([])
    expect(await stack.audit()).not.toContain('BROKEN')
  })

  test('the site is there, in the words of its headers', async () => {
    const page = await fetch(`${stack.siteUrl}/`)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect((await fetch(`${stack.siteUrl}/api/docs`)).status).toBe(200)
    expect((await fetch(`${stack.siteUrl}/metrics`)).status).toBe(404)
  })

  test('beyond loopback Nginx listens, and nothing else', async () => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find((found) => found?.family === 'IPv4' && !found.internal)!.address
    const answers = async (port: string) =>
      fetch(`http://${address}:${port}/`).then(
        () => true,
        () => false,
      )
    const { SITE_PORT, HTTPS_PORT, ...others } = stack.ports
    expect(HTTPS_PORT).toBeDefined()
    expect(await answers(SITE_PORT!)).toBe(true)
    for (const [name, port] of Object.entries(others)) expect(await answers(port), name).toBe(false)
    const mail = await fetch(`http://127.0.0.1:${stack.ports.PARTNERS_PORT}/mail/mails`)
    expect(await mail.json()).toHaveProperty('mails')
  })

  test('no secret is in an image’s history or in a container’s environment', async () => {
    const settings = parseEnv(readFileSync(stack.settingsFile, 'utf8'))
    const secrets = Object.entries(settings).filter(([name]) => /(PASSWORD|SECRET|KEY)$/.test(name))
    const ids = await stack.containers()
    const images = new Set((await Promise.all(ids.map(stack.inspect))).map(({ Image }) => Image))
    const said = await Promise.all([
      docker('inspect', ...ids),
      ...[...images].map((image) => docker('history', '--no-trunc', image)),
      ...[...images].map((image) => docker('image', 'inspect', image)),
    ])
    for (const [name, value] of secrets) expect(said.join('\n').includes(value!), name).toBe(false)
    const search = 'run --rm --entrypoint find aeroflash-api:dev /aeroflash -name .env*'
    const files = await docker(...search.split(' '))
    expect(files).toBe('')
  })

  test('Prometheus reaches all that runs, each replica by itself', async () => {
    const url = `http://127.0.0.1:${stack.ports.PROMETHEUS_PORT}/api/v1/query?query=`
    const sumOf = async (query: string) => {
      const answer = (await (await fetch(url + encodeURIComponent(query))).json()) as {
        data: { result: { value: [number, string] }[] }
      }
      return Number(answer.data.result[0]?.value[1] ?? 0)
    }
    await expect.poll(() => sumOf('sum(up{job="api",slot="blue"})'), { timeout: 30_000 }).toBe(2)
    for (const job of ['worker', 'nginx', 'postgres', 'node', 'alertmanager'])
      await expect.poll(() => sumOf(`sum(up{job="${job}"})`), { timeout: 30_000 }).toBe(1)
  })

  test('an alert reaches the mail box, where nobody said whom else to call', async () => {
    const alert = {
      labels: { alertname: 'Drill', severity: 'page' },
      annotations: { summary: 'A drill.' },
    }
    await fetch(`http://127.0.0.1:${stack.ports.ALERTMANAGER_PORT}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([alert]),
    })
    const mails = async () => {
      const url = `http://127.0.0.1:${stack.ports.PARTNERS_PORT}/mail/mails?to=pager@aeroflash.example`
      return ((await (await fetch(url)).json()) as { mails: { subject: string }[] }).mails
    }
    await expect
      .poll(mails, { timeout: 40_000 })
      .toContainEqual(expect.objectContaining({ subject: 'firing: Drill' }))
  })

  test('PostgreSQL is tuned, watched, and archives its log', async () => {
    const shown = stack.sql
    expect(await shown('show server_version')).toMatch(/^18\./)
    expect(await shown('show shared_preload_libraries')).toBe('pg_stat_statements, auto_explain')
    expect(await shown("select current_setting('auto_explain.log_min_duration')")).toBe('250ms')
    expect(await shown('show track_io_timing')).toBe('on')
    expect(await shown('show fsync')).toBe('on')
    expect(await shown('select count(*) > 0 from pg_stat_statements')).toBe('t')
    await shown('select pg_switch_wal()')
    const archives = 'select archived_count > 0 and failed_count = 0 from pg_stat_archiver'
    await expect.poll(() => shown(archives), { timeout: 30_000 }).toBe('t')
  })

  test('the product may read and write rows, and neither the schema nor the record of migrations', async () => {
    const asApp = (statement: string) =>
      stack.compose(
        ...'exec -T worker node --input-type=module -e'.split(' '),
        `import pg from 'pg'; import { readFileSync } from 'node:fs'
         const client = new pg.Client({ connectionString: readFileSync('/run/secrets/app_database_url', 'utf8') })
         await client.connect()
         console.log(await client.query(${JSON.stringify(statement)}).then((r) => r.rows.length, (e) => e.code))
         await client.end()`,
      )
    const REFUSED = '42501'
    expect(await asApp('select 1')).toBe('1')
    expect(await asApp('create table public.mine (id int)')).toBe(REFUSED)
    expect(await asApp('create schema mine')).toBe(REFUSED)
    expect(await asApp('truncate bookings.bookings')).toBe(REFUSED)
    expect(await asApp('drop table bookings.bookings')).toBe(REFUSED)
    expect(await asApp("copy bookings.bookings to program 'true'")).toBe(REFUSED)
    expect(await asApp('delete from public.migrations')).toBe(REFUSED)
  })

  test('a collector of logs reads them from the engine, and can change nothing', async () => {
    const ask = (method: string, path: string) =>
      stack.compose(
        ...'exec -T docker-reader curl -s -m 10 -o /dev/null -w %{http_code} -X'.split(' '),
        method,
        `http://127.0.0.1:2375${path}`,
      )
    const [id] = await stack.containers()
    expect(await ask('GET', '/containers/json')).toBe('200')
    expect(await ask('GET', `/containers/${id}/logs?stdout=1&tail=5`)).toBe('200')
    expect(await ask('POST', '/containers/create')).toBe('403')
    expect(await ask('POST', `/containers/${id}/kill`)).toBe('403')
    expect(await ask('GET', `/containers/${id}/archive?path=/run/secrets`)).toBe('403')
    expect(await ask('GET', '/containers/json/../../secrets')).toBe('403')
  })

  test('told to stop, the API ends what it has begun', async () => {
    const [flight] = await findFlights(stack.siteUrl)
    expect(flight).toBeDefined()
    const shop = await openShop(stack.siteUrl, 6)
    const name = `${stack.project}-api-blue-2`
    const startedAt = Date.now()
    await docker('stop', '--time', '30', name)
    const { State } = await stack.inspect(name)
    const stopSeconds = (Date.now() - startedAt) / 1000
    await docker('start', name)
    await shop.close()
    expect(State.ExitCode).toBe(0)
    expect(stopSeconds).toBeLessThan(20 * patience())
    expect(shop.odd).toEqual([])
    expect(await stack.audit()).not.toContain('BROKEN')
  })
})
