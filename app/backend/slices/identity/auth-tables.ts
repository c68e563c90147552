const stamps = { createdAt: 'created_at', updatedAt: 'updated_at' }

/** better-auth's names for its tables and fields, as our schema has them. */
export const tables = {
  user: { modelName: 'identity.users', fields: { ...stamps, emailVerified: 'email_verified' } },
  session: {
    modelName: 'identity.sessions',
    fields: {
      ...stamps,
      userId: 'user_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
    },
  },
  account: {
    modelName: 'identity.accounts',
    fields: {
      ...stamps,
      userId: 'user_id',
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
    },
  },
  verification: {
    modelName: 'identity.verifications',
    fields: { ...stamps, expiresAt: 'expires_at' },
  },
  rateLimit: { modelName: 'identity.rate_limits', fields: { lastRequest: 'last_request' } },
}
