import { z } from 'zod'

const region = z.string().regex(/^[a-z]{2}-[a-z]+-\d$/, 'a region, such as eu-west-1')
const network = z.string().regex(/^10\.\d{1,3}\.0\.0\/16$/, 'a /16 below 10.0.0.0/8')
const machine = z.string().regex(/^[a-z]\d+gd?\.\w+$/, 'a Graviton machine, such as t4g.medium')

const hosts = z
  .object({
    machine,
    least: z.number().int().min(1),
    most: z.number().int().max(20),
    diskGib: z.number().int().min(20).default(30),
  })
  .refine(({ least, most }) => least <= most, 'most is less than least')

const database = z.object({
  machine: z.string().regex(/^db\.[a-z]\d+g\.\w+$/, 'a Graviton class, such as db.t4g.medium'),
  storageGib: z.number().int().min(20),
  mostStorageGib: z.number().int(),
  backupDays: z.number().int().min(7).max(35),
  /** Raise it to have every secret that we draw ourselves drawn anew. */
  secretsVersion: z.number().int().min(1).default(1),
})

const monitoring = z.object({
  /** `beside` the product on its host, or on a host of its own. */
  on: z.enum(['beside', 'own-host']),
  machine: machine.default('t4g.medium'),
  diskGib: z.number().int().min(20),
})

/** A second region that is warm: few hosts, a replica of the database. */
const away = z.object({ region, cidr: network, zones: z.number().int().min(2).max(3), hosts })

export const environment = z
  .object({
    name: z.string().regex(/^[a-z][a-z-]{1,18}[a-z]$/),
    topology: z.enum(['single', 'ha', 'ha-dr']),
    /** Begins the name of every bucket, because those are shared with the rest of the world. */
    owner: z.string().regex(/^[a-z0-9-]{3,20}$/),
    region,
    cidr: network,
    zones: z.number().int().min(2).max(3),
    /** Where the site is; its zone in Route 53 is there before us. */
    domain: z.string(),
    zone: z.string(),
    hosts,
    database,
    monitoring,
    away: away.optional(),
    alarmsTo: z.email(),
    budgetUsd: z.number().int().positive(),
    /** Who may become the role that releases, and the one that plans. */
    jenkins: z.string().regex(/^arn:aws:iam::\d{12}:role\/[\w/-]+$/, 'the ARN of a role'),
    /** False lets `infra destroy` take the database and the buckets with it. Apply that first. */
    protected: z.boolean().default(true),
  })
  .refine((it) => it.domain === it.zone || it.domain.endsWith(`.${it.zone}`), {
    error: 'the domain is not within its zone',
  })
  .refine((it) => it.topology !== 'single' || it.hosts.most === 1, {
    error: 'single has one host',
  })
  .refine((it) => it.topology === 'single' || it.hosts.least >= 2, {
    error: 'ha begins at two hosts',
  })
  .refine((it) => it.topology === 'single' || it.monitoring.on === 'own-host', {
    error: 'where hosts come and go, the monitoring has its own',
  })
  .refine((it) => (it.topology === 'ha-dr') === (it.away !== undefined), {
    error: 'ha-dr, and nothing else, has a region away',
  })
  .refine((it) => it.away?.region !== it.region, { error: 'away is somewhere else' })
  .refine((it) => it.away?.cidr !== it.cidr, { error: 'away has addresses of its own' })

export type Environment = z.output<typeof environment>

const everywhere = {
  owner: 'example-air',
  region: 'eu-west-1',
  zone: 'aeroflash.example',
  alarmsTo: 'operations@aeroflash.example',
  jenkins: 'arn:aws:iam::111122223333:role/jenkins-agent',
} as const

const single = { ...everywhere, topology: 'single', zones: 2 } as const

const ha = {
  ...everywhere,
  topology: 'ha',
  zones: 3,
  hosts: { machine: 'c7g.large', least: 2, most: 6 },
  database: { machine: 'db.m7g.large', storageGib: 100, mostStorageGib: 500, backupDays: 35 },
  monitoring: { on: 'own-host', diskGib: 100 },
} as const

/** What differs between environments. One account of AWS each, so that none can touch another. */
export const environments: Environment[] = z.array(environment).parse([
  {
    ...single,
    name: 'dev',
    cidr: '10.10.0.0/16',
    domain: 'dev.aeroflash.example',
    hosts: { machine: 't4g.medium', least: 1, most: 1 },
    database: { machine: 'db.t4g.micro', storageGib: 20, mostStorageGib: 50, backupDays: 7 },
    monitoring: { on: 'beside', diskGib: 20 },
    budgetUsd: 100,
    protected: false,
  },
  {
    ...single,
    name: 'staging',
    cidr: '10.20.0.0/16',
    domain: 'staging.aeroflash.example',
    hosts: { machine: 't4g.large', least: 1, most: 1 },
    database: { machine: 'db.t4g.small', storageGib: 20, mostStorageGib: 100, backupDays: 7 },
    monitoring: { on: 'beside', diskGib: 30 },
    budgetUsd: 150,
  },
  {
    ...single,
    name: 'production',
    cidr: '10.30.0.0/16',
    domain: 'aeroflash.example',
    hosts: { machine: 't4g.large', least: 1, most: 1 },
    database: { machine: 'db.t4g.medium', storageGib: 50, mostStorageGib: 200, backupDays: 14 },
    monitoring: { on: 'beside', diskGib: 50 },
    budgetUsd: 300,
  },
  {
    ...ha,
    name: 'production-ha',
    cidr: '10.40.0.0/16',
    domain: 'ha.aeroflash.example',
    budgetUsd: 1500,
  },
  {
    ...ha,
    name: 'production-dr',
    topology: 'ha-dr',
    cidr: '10.50.0.0/16',
    domain: 'dr.aeroflash.example',
    away: {
      region: 'eu-central-1',
      cidr: '10.60.0.0/16',
      zones: 2,
      hosts: { machine: 'c7g.large', least: 1, most: 6 },
    },
    budgetUsd: 2500,
  },
])

export const findEnvironment = (name: string): Environment => {
  const found = environments.find((one) => one.name === name)
  if (found) return found
  const known = environments.map((one) => one.name).join(', ')
  throw new Error(`There is no environment ${name}. There are: ${known}.`)
}
