import { z } from 'zod'

// Strict, so that a key which Jenkins would refuse at its start is refused here; only what we write is known.
const fromSecret = z
  .string()
  .regex(/^\$\{[A-Z_]+\}$/, 'comes from a file below /run/secrets, and from nowhere else')
const fromFile = z.string().regex(/^\$\{readFileBase64:\/run\/secrets\/[A-Z_]+\}$/)
const permission = z.string().regex(/^(Overall|View|Job|Run|Agent|Credentials)\/[A-Z]\w+$/)
const entry = z.strictObject({
  user: z.strictObject({ name: z.string(), permissions: z.array(permission).nonempty() }),
})

const node = z.strictObject({
  permanent: z.strictObject({
    name: z.string(),
    labelString: z.string(),
    nodeDescription: z.string(),
    mode: z.literal('EXCLUSIVE'),
    numExecutors: z.literal(1),
    remoteFS: z.string().startsWith('/'),
    launcher: z.literal('inbound'),
    retentionStrategy: z.literal('always'),
    nodeProperties: z.array(
      z.strictObject({
        authorizationMatrix: z.strictObject({
          inheritanceStrategy: z.literal('inheritingGlobal'),
          entries: z.array(entry),
        }),
      }),
    ),
  }),
})

const settings = z.strictObject({
  envVars: z.strictObject({
    env: z.array(z.strictObject({ key: z.string().regex(/^[A-Z_]+$/), value: z.string() })),
  }),
})

const jenkins = z.strictObject({
  systemMessage: z.string().optional(),
  // Nothing is ever built where the secrets are kept.
  numExecutors: z.literal(0).optional(),
  mode: z.literal('EXCLUSIVE').optional(),
  slaveAgentPort: z.literal(-1).optional(),
  noUsageStatistics: z.literal(true).optional(),
  nodes: z.array(node).optional(),
  globalNodeProperties: z.array(settings).optional(),
  securityRealm: z
    .strictObject({
      local: z.strictObject({
        allowsSignup: z.literal(false),
        users: z.array(z.strictObject({ id: z.string(), password: fromSecret })),
      }),
    })
    .optional(),
  authorizationStrategy: z
    .strictObject({ projectMatrix: z.strictObject({ entries: z.array(entry) }) })
    .optional(),
  crumbIssuer: z
    .strictObject({ standard: z.strictObject({ excludeClientIPFromCrumb: z.boolean() }) })
    .optional(),
})

const known = { scope: z.literal('GLOBAL'), id: z.string(), description: z.string() }
const credential = z.union([
  z.strictObject({
    usernamePassword: z.strictObject({ ...known, username: z.string(), password: fromSecret }),
  }),
  z.strictObject({ string: z.strictObject({ ...known, secret: fromSecret }) }),
  z.strictObject({
    file: z.strictObject({ ...known, fileName: z.string(), secretBytes: fromFile }),
  }),
])

/** One file of Configuration as Code. */
export const casc = z.strictObject({
  jenkins: jenkins.optional(),
  credentials: z
    .strictObject({
      system: z.strictObject({
        domainCredentials: z.array(z.strictObject({ credentials: z.array(credential) })),
      }),
    })
    .optional(),
  security: z
    .strictObject({
      globalJobDslSecurityConfiguration: z.strictObject({ useScriptSecurity: z.literal(true) }),
    })
    .optional(),
  unclassified: z.strictObject({ location: z.strictObject({ url: z.string() }) }).optional(),
  jobs: z.array(z.strictObject({ script: z.string() })).optional(),
})
