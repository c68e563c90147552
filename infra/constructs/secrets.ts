import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js'
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js'
import type { Key } from './key.ts'
import { except, type Site } from './site.ts'

/** What the product needs and nobody has to know: drawn at random, written, never in a state. */
const GENERATED = [
  'AUTH_SECRET',
  'APP_PASSWORD',
  'MIGRATOR_PASSWORD',
  'MONITOR_PASSWORD',
  'GRAFANA_ADMIN_PASSWORD',
  'DEMO_PASSWORD',
]

export const secretName = (site: Site, id: string) => `aeroflash/${site.environment.name}/${id}`

/** The expression that draws it; it exists while Terraform runs, and nowhere else. */
export const makeRandom = (site: Site, id: string) => {
  site.stack.addOverride(`ephemeral.aws_secretsmanager_random_password.${id}`, {
    password_length: 48,
    exclude_punctuation: true,
  })
  return `ephemeral.aws_secretsmanager_random_password.${id}.random_password`
}

export const keepSecret = (site: Site, id: string, what: string, key: Key, replica?: Key) => {
  const away = site.environment.away
  const secret = new SecretsmanagerSecret(site.stack, `secret-${id}`, {
    name: secretName(site, id),
    description: what,
    kmsKeyId: key.arn,
    recoveryWindowInDays: site.environment.protected ? 30 : 0,
    ...(away && replica ? { replica: [{ region: away.region, kmsKeyId: replica.arn }] } : {}),
  })
  except(
    secret,
    'AF-SEC-02',
    id === 'partners'
      ? 'Its values are the partners’ to change; they are written by hand when they do.'
      : 'Changed with a release, by raising `secretsVersion`: a change behind the product’s back would shut it out.',
  )
  return secret
}

/** Two secrets: what we draw ourselves, and what partners gave us, which a person writes once. */
export const keepSecrets = (site: Site, key: Key, replica?: Key) => {
  const generated = keepSecret(
    site,
    'generated',
    'Drawn at random for this environment',
    key,
    replica,
  )
  const values = GENERATED.map((name) => `${name} = ${makeRandom(site, name.toLowerCase())}`)
  new SecretsmanagerSecretVersion(site.stack, 'generated-version', {
    secretId: generated.id,
    secretStringWo: `\${jsonencode({${values.join(', ')}})}`,
    secretStringWoVersion: site.environment.database.secretsVersion,
  })
  const partners = keepSecret(site, 'partners', 'Given to us by partners', key, replica)
  return { generated, partners }
}
