import { betterAuth } from 'better-auth'
import { bearer } from 'better-auth/plugins/bearer'
import type { Pool } from 'pg'
import type { Config } from '../../config.ts'
import { poolFor } from '../../kernel/connections.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Mailer } from '../../mailer.ts'
import { tables } from './auth-tables.ts'
import { CLIENT_ADDRESS } from './client-address.ts'
import { PASSWORD_MAX, PASSWORD_MIN, hashPassword, verifyPassword } from './password.ts'
import { RESET_MINUTES, resetMail } from './reset-mail.ts'
import { COOKIE_PREFIX, isHttps } from './session-token.ts'

type Needs = {
  pool: Pool
  config: Pick<Config, 'AUTH_SECRET' | 'PUBLIC_URL'>
  mailer: Pick<Mailer, 'send'>
  logger: Logger
  /** Attempts that one address has at each of the guarded paths. */
  attempts?: { max: number; seconds: number }
}

export type Auth = ReturnType<typeof createAuth>

const DAY_SECONDS = 86_400

/** The sign-in flows, on the API's own pool. What every request needs is in identify.ts instead. */
export const createAuth = ({
  pool,
  config,
  mailer,
  logger,
  attempts = { max: 10, seconds: 60 },
}: Needs) =>
  betterAuth({
    database: poolFor(pool, 'identity.auth') as unknown as Pool,
    baseURL: new URL(config.PUBLIC_URL).origin,
    basePath: '/api/auth',
    trustedOrigins: [new URL(config.PUBLIC_URL).origin],
    secret: config.AUTH_SECRET,
    telemetry: { enabled: false },
    ...tables,
    user: {
      ...tables.user,
      additionalFields: {
        // input: false, or anyone could register as an admin.
        role: { type: 'string', required: false, defaultValue: 'passenger', input: false },
      },
    },
    session: { ...tables.session, expiresIn: 7 * DAY_SECONDS, updateAge: DAY_SECONDS },
    // A copy of the database must not open accounts by its pending resets.
    verification: { ...tables.verification, storeIdentifier: 'hashed' },
    emailAndPassword: emailAndPassword(config.PUBLIC_URL, mailer),
    rateLimit: rateLimit(attempts),
    plugins: [bearer({ requireSignature: true })],
    logger: logTo(logger),
    // What is no refusal but a failure is ours to answer.
    onAPIError: { throw: true },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: isHttps(config.PUBLIC_URL),
      database: { generateId: 'uuid' },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS] },
      // Said aloud, because better-auth leaves both out when NODE_ENV is test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
  })

const emailAndPassword = (publicUrl: string, mailer: Pick<Mailer, 'send'>) => ({
  enabled: true,
  minPasswordLength: PASSWORD_MIN,
  maxPasswordLength: PASSWORD_MAX,
  password: { hash: hashPassword, verify: verifyPassword },
  resetPasswordTokenExpiresIn: RESET_MINUTES * 60,
  revokeSessionsOnPasswordReset: true,
  sendResetPassword: async ({ user, token }: { user: { email: string }; token: string }) => {
    const link = new URL('/reset-password', publicUrl)
    link.searchParams.set('token', token)
    mailer.send(resetMail(user.email, link.href))
  },
})

/**
 * In the database, so that several API processes count together and a release does not forget.
 * Counting costs two short statements beside a hash of 40 ms, and only where one is computed.
 */
const rateLimit = ({ max, seconds: window }: { max: number; seconds: number }) => ({
  ...tables.rateLimit,
  enabled: true,
  storage: 'database' as const,
  customRules: {
    '/sign-up/email': { window, max },
    '/sign-in/email': { window, max },
    '/reset-password': { window, max },
    '/change-password': { window, max },
    '/request-password-reset': { window, max: Math.ceil(max / 2) },
    '/get-session': false as const,
    '/sign-out': false as const,
    '/revoke-sessions': false as const,
    '/update-user': false as const,
  },
})

// Below error it names e-mail addresses, and so does the detail of PostgreSQL's own errors: no log's
// business.
const logTo = (logger: Logger) => ({
  level: 'error' as const,
  log: (_level: string, message: string, ...details: unknown[]) => {
    const error = details.find((detail) => detail instanceof Error)
    logger.error({ reason: error?.message, stack: error?.stack }, message)
  },
})
