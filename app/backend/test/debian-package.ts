import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/** What tests use if it is there, and the Debian package that it comes in. */
const packages = {
  nginx: 'nginx',
  chromium: 'chromium',
  wrk: 'wrk',
  java: 'default-jre-headless',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  amtool: 'prometheus-alertmanager',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  'prometheus-node-exporter': 'prometheus-node-exporter',
  'prometheus-postgres-exporter': 'prometheus-postgres-exporter',
  'prometheus-nginx-exporter': 'prometheus-nginx-exporter',
} as const

export type Tool = keyof typeof packages

const INSTALL_MINUTES_MAX = 5

const run = promisify(execFile)
const asked = new Map<Tool, Promise<string | undefined>>()

/**
 * Where the program is. Root on Debian installs it; anywhere else a missing one is undefined, and says
 * so on stderr: whoever needs it leaves its tests out, under a title that tells why.
 */
export const requireTool = (tool: Tool): Promise<string | undefined> => {
  const asking = asked.get(tool) ?? findOrInstall(tool)
  asked.set(tool, asking)
  return asking
}

/** The title of a suite: says that it was not run, and why, when its tool is missing. */
export const titled = (title: string, tool: Tool, path: string | undefined) =>
  path
    ? title
    : `${title} (NOT RUN: there is no ${tool} here; Debian: apt install ${packages[tool]})`

const findOrInstall = async (tool: Tool) => {
  const found = (await locate(tool)) ?? (await install(tool))
  if (!found) process.stderr.write(`not run: what needs ${tool}, which is not installed\n`)
  return found
}

// Debian keeps Nginx where only root's PATH leads.
const folders = () => [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']

const locate = async (tool: string) => {
  for (const folder of folders()) {
    const path = join(folder, tool)
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (folder && isThere) return path
  }
  return undefined
}

const install = async (tool: Tool) => {
  const isDebian = process.getuid?.() === 0 && (await locate('apt-get')) !== undefined
  if (!isDebian) return undefined
  try {
    await apt('update')
    await apt('install', '-y', '--no-install-recommends', packages[tool])
  } catch (error) {
    process.stderr.write(`apt cannot install ${packages[tool]}: ${String(error).split('\n')[0]}\n`)
  }
  return locate(tool)
}

const patience = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::http::Timeout=15']

const apt = (...words: string[]) =>
  run('apt-get', [...patience, '-qq', ...words], {
    timeout: INSTALL_MINUTES_MAX * 60_000,
    // In run level 1 a package does not start its service.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  })
