import { readdirSync, readFileSync } from 'node:fs'
import { stringify } from 'yaml'
import type { Duty } from '../constructs/host-role.ts'
import type { Environment } from '../settings.ts'

/** The last release of Compose that was looked at, and what it must be, to the bit. */
const COMPOSE = {
  version: 'v5.3.1',
  sha256: {
    aarch64: 'aa611e811d0ea25897839c404bfb5bf93ce706dc51c500a4457890f5d0606a86',
    x86_64: 'f9ebc6ebdb19d769b793c245a736caaeb198c62587f13b25c660c13b4987f959',
  },
}

/** Amazon's authorities for RDS, by which a host knows the database it speaks to. */
const DATABASE_CA = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem'

export type Host = {
  environment: Environment
  region: string
  duty: Duty
  cidr: string
  bundles: string
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

const lines = (values: Record<string, string | number>) =>
  Object.entries(values)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')

/** What the scripts are told. Nothing of it is secret: anybody with a look at the host sees it. */
const identity = ({ environment, region, duty, bundles }: Host) =>
  lines({
    ENVIRONMENT: environment.name,
    DUTY: duty,
    BUNDLES: bundles,
    AWS_DEFAULT_REGION: region,
    COMPOSE_VERSION: COMPOSE.version,
    COMPOSE_SHA256_aarch64: COMPOSE.sha256.aarch64,
    COMPOSE_SHA256_x86_64: COMPOSE.sha256.x86_64,
    DATABASE_CA,
    DATABASE_OPTIONS: '?sslmode=verify-full&sslrootcert=/run/secrets/database_ca',
  }).replace(/^AWS/m, 'export AWS')

/** What Compose is told. */
const settings = ({ environment, duty, cidr }: Host) =>
  lines({
    COMPOSE_FILE: 'docker-compose.yml:docker-compose.aws.yml',
    COMPOSE_PROFILES: 'monitoring',
    ENVIRONMENT: environment.name,
    DUTY: duty,
    PUBLIC_URL: `https://${environment.domain}`,
    SECRETS: '/run/aeroflash/secrets',
    SITE_PORT: 80,
    HTTPS_PORT: 443,
    TLS: '/var/lib/aeroflash/tls',
    ACME: '/var/lib/aeroflash/acme',
    TRUSTED_PROXY: environment.topology === 'single' ? '0.0.0.0/32' : cidr,
  }).replaceAll("'", '')

const file = (path: string, content: string, permissions = '0644') => ({
  path,
  content,
  permissions,
})

/** Everything that makes a bare machine a host of ours. EC2 takes 16 kB of it. */
export const writeCloudInit = (host: Host) => {
  const units = readdirSync(new URL('units', import.meta.url)).toSorted()
  const scripts = readdirSync(new URL('bin', import.meta.url)).toSorted()
  const enabled = units.filter((unit) => read(`units/${unit}`).includes('[Install]'))
  const config = {
    package_update: false,
    write_files: [
      file('/etc/aeroflash/host', identity(host)),
      file('/etc/aeroflash/settings', settings(host)),
      ...scripts.map((name) => file(`/usr/local/bin/${name}`, read(`bin/${name}`), '0755')),
      ...units.map((name) => file(`/etc/systemd/system/${name}`, read(`units/${name}`))),
    ],
    runcmd: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', ...enabled],
      ['systemctl', 'start', '--no-block', 'aeroflash-saturation.timer', 'aeroflash-boot.service'],
    ],
  }
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`
}
