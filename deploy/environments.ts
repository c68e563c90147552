import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Limits } from './release/verdict.ts'

const repository = fileURLToPath(new URL('..', import.meta.url))

/** How a release goes about it; each may be said differently on the command line. */
export type Manners = {
  /** Of all clients, how many the new version serves while it is compared. */
  slicePercent: number
  compareSeconds: number
  readySeconds: number
  drainSeconds: number
  /** How long the old version is kept running, without traffic, for going back. */
  warmSeconds: number
  limits: Limits
}

/** One machine with our Compose file. */
export type ComposeEnvironment = Manners & {
  kind: 'compose'
  name: string
  /** Where docker-compose.yml and .env are. */
  folder: string
  settingsFile: string
  /** Lock and history. */
  stateFolder: string
  repository: string
  /** Where images of the site and its Nginx are. */
  siteRepository: string
  /** The Compose project: several stacks may be on one machine. */
  project: string
  siteUrl: string
  prometheusUrl: string
  lokiUrl: string
}

/** Instances that are told by SSM to release by themselves, one after another. */
export type FleetEnvironment = {
  kind: 'fleet'
  name: string
  region: string
  /** The one document that may be run there. */
  document: string
  /** Where instances fetch what they need of the repository. */
  bundles: string
  siteUrl: string | undefined
  releaseMinutesMax: number
}

export type Environment = ComposeEnvironment | FleetEnvironment

const manners: Manners = {
  slicePercent: 10,
  compareSeconds: 30,
  readySeconds: 40,
  drainSeconds: 30,
  warmSeconds: 300,
  limits: {
    requestsMin: 50,
    errorsMin: 3,
    errorRatioMax: 0.01,
    slowerMax: 2,
    slowerSecondsMin: 0.04,
  },
}

const fleet = {
  kind: 'fleet',
  document: 'AeroFlash-Deploy',
  releaseMinutesMax: 15,
} as const

type Settings = Record<string, string | undefined>

export const settingsFileOf = ({ SETTINGS_FILE }: Settings) =>
  SETTINGS_FILE || join(repository, '.env')

/** Everything that can be released to. What differs from machine to machine comes from `settings`. */
export const environmentsOf = (settings: Settings): Environment[] => {
  const onThisMachine = {
    kind: 'compose',
    folder: repository,
    settingsFile: settingsFileOf(settings),
    repository: settings.API_REPOSITORY || 'aeroflash-api',
    siteRepository: settings.SITE_REPOSITORY || 'aeroflash-nginx',
    project: settings.COMPOSE_PROJECT_NAME || 'aeroflash',
    siteUrl: `http://127.0.0.1:${settings.SITE_PORT || 8080}`,
    prometheusUrl: `http://127.0.0.1:${settings.PROMETHEUS_PORT || 9090}`,
    lokiUrl: `http://127.0.0.1:${settings.LOKI_PORT || 3100}`,
    ...manners,
  } as const
  const region = settings.AWS_REGION || 'eu-west-1'
  const behind = (name: string) => ({
    name,
    region,
    bundles: settings[`${name.toUpperCase()}_BUNDLES`] || `example-air-aeroflash-${name}-bundles`,
    siteUrl: settings[`${name.toUpperCase()}_URL`] || undefined,
  })
  return [
    {
      ...onThisMachine,
      name: 'local',
      stateFolder: settings.RELEASES_FOLDER || join(repository, '.releases'),
    },
    // What the SSM document runs on an instance.
    {
      ...onThisMachine,
      name: 'instance',
      stateFolder: settings.RELEASES_FOLDER || '/var/lib/aeroflash/releases',
      compareSeconds: 60,
      warmSeconds: 0,
    },
    { ...fleet, ...behind('staging') },
    { ...fleet, ...behind('production') },
  ]
}
