import { Problem, invalid } from '../../kernel/problems.ts'

const wrongPassword = () =>
  invalid({
    pointer: '/current_password',
    code: 'wrong',
    detail: 'The current password is not this one.',
  })

const staleLink = () =>
  invalid({ pointer: '/token', code: 'expired', detail: 'The link was used or has expired.' })

/**
 * A new account is signed in at once, so whoever registers learns that an address is taken: only a mail
 * to confirm it could hide that. It says no more than this, and only a few times a minute.
 */
export const emailUnavailable = () =>
  invalid({
    pointer: '/email',
    code: 'unavailable',
    detail: 'No account can be opened with this e-mail. Sign in, or ask for a new password.',
  })

// One answer for an unknown e-mail and for a wrong password.
const noSuchPair = () =>
  new Problem('unauthenticated', 'This e-mail and this password do not go together.')

/** better-auth hides why it FAILED_TO: what is left to fail by then is its database. */
const databaseOutage = () =>
  new Problem('dependency-unavailable', 'The database cannot answer right now.', {
    retryAfterSeconds: 1,
  })

const refusals: Record<string, () => Problem> = {
  INVALID_EMAIL_OR_PASSWORD: noSuchPair,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: emailUnavailable,
  INVALID_PASSWORD: wrongPassword,
  CREDENTIAL_ACCOUNT_NOT_FOUND: wrongPassword,
  INVALID_TOKEN: staleLink,
  USER_NOT_FOUND: staleLink,
  FAILED_TO_CREATE_USER: databaseOutage,
  FAILED_TO_CREATE_SESSION: databaseOutage,
  FAILED_TO_GET_SESSION: databaseOutage,
}

const byStatus: Record<number, (response: Response) => Problem> = {
  401: () => new Problem('unauthenticated'),
  403: () => new Problem('forbidden', 'Another site may not act in your name.'),
  429: ({ headers }) =>
    new Problem('rate-limited', undefined, {
      retryAfterSeconds: Number(headers.get('x-retry-after')) || 1,
    }),
}

/** better-auth's refusal as one of ours. What we do not know is a bug: our schemas should have met it. */
export const refusalOf = async (response: Response): Promise<Error> => {
  const { code = '' } = (await response.json().catch(() => ({}))) as { code?: string }
  const known = refusals[code] ?? byStatus[response.status]
  return known?.(response) ?? new Error(`better-auth refused: ${response.status} ${code}`)
}
