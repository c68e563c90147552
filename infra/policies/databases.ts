import { blocks, type Config, isOn, type Rule } from './rule.ts'

const DATABASE = ['aws_db_instance']

/** A switch of the database: on when kept. */
const must = (
  id: string,
  [checkov, fsbp]: [string[], string[]],
  says: string,
  holds: (database: Config) => boolean,
  [good, bad]: [Config, Config],
): Rule => ({ id, checkov, fsbp, says, on: DATABASE, holds, good, bad })

const isCopy = ({ replicate_source_db }: Config) => Boolean(replicate_source_db)

export const databaseRules: Rule[] = [
  must(
    'AF-RDS-01',
    [['CKV_AWS_16'], ['RDS.3']],
    'it is encrypted with a key of our own',
    (it) => isOn(it.storage_encrypted) && Boolean(it.kms_key_id),
    [{ storage_encrypted: true, kms_key_id: 'ours' }, { storage_encrypted: true }],
  ),
  must(
    'AF-RDS-02',
    [['CKV_AWS_17'], ['RDS.2', 'RDS.46']],
    'it cannot be reached from outside',
    (it) => it.publicly_accessible === false,
    [{ publicly_accessible: false }, { publicly_accessible: true }],
  ),
  must(
    'AF-RDS-03',
    [['CKV_AWS_161'], ['RDS.10']],
    'people sign in with what they are to AWS',
    (it) => isOn(it.iam_database_authentication_enabled),
    [{ iam_database_authentication_enabled: true }, {}],
  ),
  must(
    'AF-RDS-04',
    [['CKV_AWS_157'], ['RDS.5']],
    'a second one stands by in another zone',
    (it) => isOn(it.multi_az),
    [{ multi_az: true }, { multi_az: false }],
  ),
  must(
    'AF-RDS-05',
    [['CKV_AWS_118'], ['RDS.6']],
    'its host is measured closely',
    (it) => Number(it.monitoring_interval) > 0 && Boolean(it.monitoring_role_arn),
    [{ monitoring_interval: 60, monitoring_role_arn: 'role' }, { monitoring_interval: 0 }],
  ),
  must(
    'AF-RDS-06',
    [['CKV_AWS_129'], ['RDS.9', 'RDS.36']],
    'its logs leave it',
    (it) =>
      ['postgresql', 'upgrade'].every((log) =>
        JSON.stringify(it.enabled_cloudwatch_logs_exports ?? []).includes(log),
      ),
    [
      { enabled_cloudwatch_logs_exports: ['postgresql', 'upgrade'] },
      { enabled_cloudwatch_logs_exports: ['upgrade'] },
    ],
  ),
  must(
    'AF-RDS-07',
    [['CKV_AWS_133'], ['RDS.11']],
    'any second of the last week can be restored',
    (it) => Number(it.backup_retention_period) >= 7,
    [{ backup_retention_period: 7 }, { backup_retention_period: 1 }],
  ),
  must(
    'AF-RDS-08',
    [['CKV_AWS_226'], ['RDS.13']],
    'fixes come by themselves',
    (it) => isOn(it.auto_minor_version_upgrade),
    [{ auto_minor_version_upgrade: true }, { auto_minor_version_upgrade: false }],
  ),
  must(
    'AF-RDS-09',
    [['CKV_AWS_353', 'CKV_AWS_354'], []],
    'its statements are sampled, under our key',
    (it) => isOn(it.performance_insights_enabled) && Boolean(it.performance_insights_kms_key_id),
    [
      { performance_insights_enabled: true, performance_insights_kms_key_id: 'ours' },
      { performance_insights_enabled: true },
    ],
  ),
  must(
    'AF-RDS-10',
    [['CKV_AWS_293'], ['RDS.8']],
    'nobody deletes it by mistake',
    (it) => isOn(it.deletion_protection) && isOn(blocks(it.lifecycle)[0]?.prevent_destroy),
    [
      { deletion_protection: true, lifecycle: { prevent_destroy: true } },
      { deletion_protection: true },
    ],
  ),
  must(
    'AF-RDS-11',
    [['CKV_AWS_211'], []],
    'its certificate is of an authority that lasts',
    (it) => it.ca_cert_identifier === 'rds-ca-rsa2048-g1',
    [{ ca_cert_identifier: 'rds-ca-rsa2048-g1' }, { ca_cert_identifier: 'rds-ca-2019' }],
  ),
  must(
    'AF-RDS-12',
    [['CKV2_AWS_60'], ['RDS.17']],
    'its snapshots say whose they are',
    (it) => isOn(it.copy_tags_to_snapshot),
    [{ copy_tags_to_snapshot: true }, {}],
  ),
  must(
    'AF-RDS-15',
    [[], ['RDS.23']],
    'it does not listen where everybody knocks',
    (it) => Boolean(it.port) && it.port !== 5432,
    [{ port: 5433 }, { port: 5432 }],
  ),
  must(
    'AF-RDS-16',
    [[], ['RDS.25']],
    'its master is not called what everybody tries',
    (it) => isCopy(it) || !['postgres', 'admin', 'root', undefined].includes(it.username as string),
    [{ username: 'aeroflash_admin' }, { username: 'postgres' }],
  ),
  must(
    'AF-RDS-18',
    [[], []],
    'it leaves a snapshot and its backups behind',
    (it) =>
      it.skip_final_snapshot === false &&
      Boolean(it.final_snapshot_identifier) &&
      it.delete_automated_backups === false,
    [
      {
        skip_final_snapshot: false,
        final_snapshot_identifier: 'last',
        delete_automated_backups: false,
      },
      { skip_final_snapshot: true },
    ],
  ),
  must(
    'AF-RDS-20',
    [[], []],
    'no password of it is in a state',
    (it) => it.password === undefined,
    [{ password_wo: '${ephemeral.it}' }, { password: 'in the state' }],
  ),
]
