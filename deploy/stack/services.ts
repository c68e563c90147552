import { isHere } from '../base-images.ts'
import type { Stack } from './stack.ts'

/** The services whose images are here or are built here: Grafana, Loki and Alloy have no stand-in. */
export const startableServices = async (stack: Stack) => {
  const { services } = await configOf(stack)
  return Object.entries(services)
    .filter(([, { image, build }]) => build || isHere(image))
    .filter(([, { restart }]) => restart === 'unless-stopped')
    .map(([name]) => name)
}

export type Service = {
  image: string
  build?: { context: string; dockerfile: string; target?: string }
  pull_policy?: string
  restart: string
  user?: string
  read_only?: boolean
  cap_drop?: string[]
  cap_add?: string[]
  privileged?: boolean
  security_opt?: string[]
  mem_limit?: string
  cpu_shares?: number
  pids_limit?: number
  healthcheck?: { test: string[] }
  logging?: { driver: string; options: Record<string, string> }
  network_mode?: string
  ports?: { host_ip?: string; target: number; published: string }[]
  deploy?: { replicas?: number }
  environment?: Record<string, string>
  secrets?: { source: string }[]
  volumes?: { type: string; source: string; target: string; read_only?: boolean }[]
  networks?: Record<string, unknown>
  stop_grace_period?: string
}

export const configOf = async (stack: Stack, ...words: string[]) =>
  JSON.parse(
    await stack.compose(...words, '--profile', 'monitoring', 'config', '--format', 'json'),
  ) as { services: Record<string, Service>; networks: Record<string, { internal?: boolean }> }
