import type { DbInstance } from '@cdktf/provider-aws/lib/db-instance/index.js'
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter/index.js'
import { DATABASE_PORT } from './database.ts'
import type { Key } from './key.ts'
import { except, type Site } from './site.ts'

const parameter = (site: Site, id: string, key: Key, description: string, value: string) => ({
  name: `/aeroflash/${site.environment.name}/${id}`,
  description,
  type: 'SecureString',
  keyId: key.arn,
  value,
})

/** What a host must know, and Terraform knows; no password is among it. */
export const tellHosts = (site: Site, id: string, key: Key, description: string, value: string) =>
  new SsmParameter(site.stack, `parameter-${id}`, parameter(site, id, key, description, value))

export const tellDatabase = (site: Site, key: Key, database: DbInstance, master: string) => {
  const of = { host: database.address, port: DATABASE_PORT, name: 'aeroflash', master }
  const where = JSON.stringify(of)
  tellHosts(site, 'database', key, 'Where the database is', where)
}

/** The commit that serves: a release writes it when it has succeeded, and a new host begins with it. */
export const rememberRelease = (site: Site) => {
  const released = new SsmParameter(site.stack, 'parameter-released', {
    name: `/aeroflash/${site.environment.name}/released`,
    description: 'The commit that serves now',
    type: 'String',
    value: 'none',
    lifecycle: { ignoreChanges: ['value'] },
  })
  except(
    released,
    'AF-SSM-02',
    'It holds the commit that every answer of /api/healthz names; releases write it as plain text.',
  )
}
