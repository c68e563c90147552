import type { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js'
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js'
import { MASTER } from './database.ts'
import type { Key } from './key.ts'
import { keepSecret, makeRandom } from './secrets.ts'
import type { Site } from './site.ts'

/** How a database is told its master password, and where that can be read when glass must be broken. */
export type MasterPassword = {
  given:
    | { manageMasterUserPassword: true; masterUserSecretKmsKeyId: string }
    | { passwordWo: string; passwordWoVersion: number }
  /** None: RDS keeps it itself, and says where once the database is there. */
  kept?: SecretsmanagerSecret
}

/** RDS makes, keeps and changes it; but then refuses to be copied from. */
export const letRdsKeepPassword = (key: Key): MasterPassword => ({
  given: { manageMasterUserPassword: true, masterUserSecretKmsKeyId: key.arn },
})

/**
 * Written, never read: it is in no state and no plan. First into the secret, then from there into
 * the database, because a random value may be drawn anew when it is asked for again.
 */
export const writePassword = (site: Site, key: Key, replica?: Key): MasterPassword => {
  const secret = keepSecret(site, 'master', 'The master password: break the glass', key, replica)
  const version = new SecretsmanagerSecretVersion(site.stack, 'master-version', {
    secretId: secret.id,
    secretStringWo: `\${jsonencode({username = "${MASTER}", password = ${makeRandom(site, 'master')}})}`,
    secretStringWoVersion: site.environment.database.secretsVersion,
  })
  site.stack.addOverride('ephemeral.aws_secretsmanager_secret_version.master', {
    secret_id: version.secretId,
    version_id: version.versionId,
  })
  return {
    given: {
      passwordWo:
        '${jsondecode(ephemeral.aws_secretsmanager_secret_version.master.secret_string).password}',
      passwordWoVersion: site.environment.database.secretsVersion,
    },
    kept: secret,
  }
}
