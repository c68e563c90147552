import { DbInstance } from '@cdktf/provider-aws/lib/db-instance/index.js'
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group/index.js'
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group/index.js'
import type { Group } from './doors.ts'
import type { Key } from './key.ts'
import { keepLogs } from './logs.ts'
import type { MasterPassword } from './master-password.ts'
import type { Network } from './network.ts'
import { makeRole } from './role.ts'
import { except, type Site } from './site.ts'

/** Not 5432: whoever gets in and knocks at the usual door finds none. */
export const DATABASE_PORT = 5433
export const MASTER = 'aeroflash_admin'

const PARAMETERS = [
  { name: 'rds.force_ssl', value: '1' },
  { name: 'log_statement', value: 'ddl' },
  { name: 'log_min_duration_statement', value: '500' },
  { name: 'log_lock_waits', value: '1' },
  { name: 'idle_in_transaction_session_timeout', value: '60000' },
  {
    name: 'shared_preload_libraries',
    value: 'pg_stat_statements,auto_explain',
    applyMethod: 'pending-reboot',
  },
  { name: 'auto_explain.log_min_duration', value: '1000' },
  { name: 'track_io_timing', value: '1' },
]

type Ground = { network: Network; key: Key; doors: Group }

const prepare = (site: Site, { network, key }: Ground) => {
  const log = `/aws/rds/instance/${site.name}/postgresql`
  return {
    subnets: new DbSubnetGroup(site.stack, 'database-subnets', {
      name: site.name,
      description: 'The subnets that nothing but the database stands in',
      subnetIds: network.database,
    }),
    parameters: new DbParameterGroup(site.stack, 'database-parameters', {
      name: `${site.name}-18`,
      family: 'postgres18',
      description: 'TLS only, and slow statements are told',
      parameter: PARAMETERS,
      lifecycle: { createBeforeDestroy: true },
    }),
    watcher: makeRole(site, 'database-watcher', {
      description: 'Lets RDS write what its host measures',
      trusts: { Service: 'monitoring.rds.amazonaws.com' },
      when: { StringEquals: { 'aws:SourceAccount': site.account } },
      managed: ['service-role/AmazonRDSEnhancedMonitoringRole'],
    }),
    log: keepLogs(site, 'database-log', log, key),
  }
}

type Prepared = ReturnType<typeof prepare>

/** What every database of ours has, the first and each copy. */
const common = (site: Site, { key, doors }: Ground, prepared: Prepared) => ({
  instanceClass: site.environment.database.machine,
  port: DATABASE_PORT,
  publiclyAccessible: false,
  storageEncrypted: true,
  kmsKeyId: key.arn,
  storageType: 'gp3',
  maxAllocatedStorage: site.environment.database.mostStorageGib,
  vpcSecurityGroupIds: [doors.id],
  parameterGroupName: prepared.parameters.name,
  iamDatabaseAuthenticationEnabled: true,
  enabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
  performanceInsightsEnabled: true,
  performanceInsightsKmsKeyId: key.arn,
  performanceInsightsRetentionPeriod: 7,
  databaseInsightsMode: 'standard',
  monitoringInterval: 60,
  monitoringRoleArn: prepared.watcher.arn,
  caCertIdentifier: 'rds-ca-rsa2048-g1',
  autoMinorVersionUpgrade: true,
  copyTagsToSnapshot: true,
  backupRetentionPeriod: site.environment.database.backupDays,
  backupWindow: '02:00-03:00',
  maintenanceWindow: 'sun:03:30-sun:04:30',
  deletionProtection: site.environment.protected,
  skipFinalSnapshot: false,
  deleteAutomatedBackups: false,
  applyImmediately: false,
  lifecycle: { preventDestroy: site.environment.protected },
})

const explain = (site: Site, database: DbInstance, standsBy: boolean) => {
  if (!standsBy)
    except(
      database,
      'AF-RDS-04',
      'One zone is what `single` and a copy cost: a lost zone is met by point-in-time recovery, or by the first.',
    )
  if (!site.environment.protected)
    except(database, 'AF-RDS-10', 'The environment is disposable, or about to be taken down.')
}

/** The database of the environment. In `ha` a second one stands by in another zone. */
export const runDatabase = (site: Site, ground: Ground, password: MasterPassword) => {
  const { database: wanted, topology } = site.environment
  const prepared = prepare(site, ground)
  const standsBy = topology !== 'single'
  const database = new DbInstance(site.stack, 'database', {
    ...common(site, ground, prepared),
    ...password.given,
    identifier: site.name,
    engine: 'postgres',
    engineVersion: '18',
    dbName: 'aeroflash',
    username: MASTER,
    allocatedStorage: wanted.storageGib,
    multiAz: standsBy,
    dbSubnetGroupName: prepared.subnets.name,
    finalSnapshotIdentifier: `${site.name}-final`,
    dependsOn: [prepared.log],
    timeouts: { create: '60m' },
  })
  explain(site, database, standsBy)
  if (standsBy) copyForReading(site, ground, prepared, database)
  return database
}

/** For reports: they read here, and a slow one harms no booking. */
const copyForReading = (site: Site, ground: Ground, prepared: Prepared, source: DbInstance) => {
  const copy = new DbInstance(site.stack, 'database-copy', {
    ...common(site, ground, prepared),
    identifier: `${site.name}-copy`,
    replicateSourceDb: source.identifier,
    finalSnapshotIdentifier: `${site.name}-copy-final`,
  })
  explain(site, copy, false)
}

/** In the region away, under its own key. Promoting it (runbooks) makes it the database. */
export const copyFromAfar = (site: Site, ground: Ground, sourceArn: string) => {
  const prepared = prepare(site, ground)
  const copy = new DbInstance(site.stack, 'database', {
    ...common(site, ground, prepared),
    identifier: `${site.name}-away`,
    replicateSourceDb: sourceArn,
    multiAz: false,
    dbSubnetGroupName: prepared.subnets.name,
    finalSnapshotIdentifier: `${site.name}-away-final`,
  })
  explain(site, copy, false)
  return copy
}
