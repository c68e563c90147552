import type { ChildProcess } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, lowPort, reload, until } from './edge-process.ts'

const files = fileURLToPath(new URL('../nginx', import.meta.url))

export type Slot = 'blue' | 'green'

export type Setup = {
  binary: string
  siteRoot: string
  /** host:port of the API in each slot. */
  api: { blue: string; green?: string }
  /** Whose word on the client's address counts; nobody's unless given. */
  trustedProxy?: string
  /** Further files of the configuration by name, such as a package of the machine adds. */
  more?: Record<string, string>
}

export type LogLine = Record<string, string>

export type Nginx = Awaited<ReturnType<typeof startNginx>>

const NOBODY = '0.0.0.0/32'

/** The Nginx of the product as configured, on free ports and in a folder of its own that goes with it. */
export const startNginx = async (setup: Setup) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-nginx-'))
  const configuration = join(folder, 'etc')
  const [site, status] = [`127.0.0.1:${await lowPort()}`, `127.0.0.1:${await lowPort()}`]
  await cp(files, configuration, { recursive: true })
  await fillIn(configuration, {
    SITE_LISTEN: site,
    STATUS_LISTEN: status,
    SITE_ROOT: setup.siteRoot,
    CONFIGURATION: configuration,
    API_BLUE: setup.api.blue,
    API_GREEN: setup.api.green ?? setup.api.blue,
    TRUSTED_PROXY: setup.trustedProxy ?? NOBODY,
  })
  for (const [name, text] of Object.entries(setup.more ?? {})) {
    await mkdir(dirname(join(configuration, name)), { recursive: true })
    await writeFile(join(configuration, name), text)
  }

  const { child, stop } = await launch(setup.binary, folder)
  const errors = () => readFile(join(folder, 'stderr'), 'utf8')
  await until(() => isAlive(child, `http://${status}/healthz`), 'nginx does not answer').catch(
    async (error: Error) => {
      error.message += `\n${await errors()}`
      await stop()
      throw error
    },
  )
  return {
    url: `http://${site}`,
    statusUrl: `http://${status}`,
    ...logOf(join(folder, 'stdout')),
    ...switchesOf(configuration, () => reload(child, errors)),
    /** What it complained of. */
    errors,
    stop,
  }
}

const fillIn = async (configuration: string, settings: Record<string, string>) => {
  await mkdir(join(configuration, 'conf.d'))
  for (const name of await readdir(join(configuration, 'templates'))) {
    const template = await readFile(join(configuration, 'templates', name), 'utf8')
    const filled = template.replaceAll(/\$\{([A-Z_]+)\}/g, (_, key: string) => {
      const value = settings[key]
      if (value === undefined) throw new Error(`${name} asks for ${key}`)
      return value
    })
    await writeFile(join(configuration, 'conf.d', name.replace(/\.template$/, '')), filled)
  }
}

const isAlive = async ({ exitCode }: ChildProcess, url: string) => {
  if (exitCode !== null) throw new Error(`nginx ended with ${exitCode}`)
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}

const logOf = (file: string) => {
  /** The access log, which must be JSON line by line. */
  const logLines = async () =>
    (await readFile(file, 'utf8'))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine)

  return {
    logLines,
    /** The line of that request, which is written when its last byte has left. */
    logLineOf: (requestId: string | null) =>
      until(
        async () => (await logLines()).find((line) => line.request_id === requestId),
        `the access log has no line of request ${requestId}`,
      ),
  }
}

const switchesOf = (configuration: string, reload: () => Promise<void>) => ({
  reload,
  /** As a release does it: another file in its place at once, and a reload. */
  switchTo: async (slot: Slot) => {
    const active = join(configuration, 'slot/active-slot.conf')
    await writeFile(`${active}.new`, `include conf.d/upstream-${slot}.conf;\n`)
    await rename(`${active}.new`, active)
    await reload()
  },
  close: () => writeFile(join(configuration, 'slot/maintenance.on'), ''),
  open: () => rm(join(configuration, 'slot/maintenance.on')),
})
