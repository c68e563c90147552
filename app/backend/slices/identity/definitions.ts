import { createRoute, z } from '@hono/zod-openapi'
import { body, idParam, json, refusals, target, withBody } from '../../kernel/api.ts'
import { only, withAccount } from '../../kernel/principal.ts'
import {
  AccountSchema,
  ChangePasswordSchema,
  ChangeRoleSchema,
  EmailSchema,
  ResetRequestSchema,
  ResetSchema,
  SignInSchema,
  SignUpSchema,
  SignedInSchema,
  UpdateUserSchema,
} from './schemas.ts'

const tags = ['identity']

// What identify.ts may answer on any route: a bad token, or a cookie that another site used.
const whoever = ['unauthenticated', 'forbidden'] as const

export const signUp = createRoute({
  method: 'post',
  path: '/auth/sign-up/email',
  tags,
  summary: 'Register as a passenger, and be signed in',
  ...target(1_500),
  request: { body: body(SignUpSchema) },
  responses: {
    201: json(SignedInSchema, 'The new account; the session cookie is set too'),
    ...refusals(...whoever, ...withBody, 'rate-limited'),
  },
})

export const signIn = createRoute({
  method: 'post',
  path: '/auth/sign-in/email',
  tags,
  summary: 'Sign in with e-mail and password',
  ...target(1_500),
  request: { body: body(SignInSchema) },
  responses: {
    200: json(SignedInSchema, 'Signed in; the session cookie is set too'),
    ...refusals(...whoever, ...withBody, 'rate-limited'),
  },
})

export const signOut = createRoute({
  method: 'post',
  path: '/auth/sign-out',
  tags,
  summary: 'End this session; who has none is signed out already',
  responses: { 204: { description: 'Signed out; the cookie is gone' }, ...refusals(...whoever) },
})

export const getSession = createRoute({
  method: 'get',
  path: '/auth/get-session',
  tags,
  summary: 'Who is signed in. A session in use lives on: this renews it once a day',
  responses: {
    200: json(z.object({ account: AccountSchema.nullable() }), 'null when nobody is'),
    ...refusals('unauthenticated'),
  },
})

export const requestPasswordReset = createRoute({
  method: 'post',
  path: '/auth/request-password-reset',
  tags,
  summary: 'Ask for a mail with a link to choose a new password',
  ...target(1_500),
  request: { body: body(ResetRequestSchema) },
  responses: {
    202: { description: 'If there is such an account, a mail is on its way' },
    ...refusals(...whoever, ...withBody, 'rate-limited'),
  },
})

export const resetPassword = createRoute({
  method: 'post',
  path: '/auth/reset-password',
  tags,
  summary: "Choose a new password with the link's token; every session of the account ends",
  ...target(1_500),
  request: { body: body(ResetSchema) },
  responses: {
    204: { description: 'Changed; sign in with it' },
    ...refusals(...whoever, ...withBody, 'rate-limited'),
  },
})

export const changePassword = createRoute({
  method: 'post',
  path: '/auth/change-password',
  tags,
  summary: 'Change the password; every session ends and a new one begins',
  ...target(1_500),
  ...withAccount,
  request: { body: body(ChangePasswordSchema) },
  responses: {
    200: json(SignedInSchema, 'Changed; the new cookie is set, the old token is void'),
    ...refusals(...whoever, ...withBody, 'rate-limited'),
  },
})

export const revokeSessions = createRoute({
  method: 'post',
  path: '/auth/revoke-sessions',
  tags,
  summary: 'Sign out everywhere: every session of the account ends, this one too',
  ...withAccount,
  responses: { 204: { description: 'No session is left' }, ...refusals(...whoever) },
})

export const updateUser = createRoute({
  method: 'post',
  path: '/auth/update-user',
  tags,
  summary: 'Change your name',
  ...withAccount,
  request: { body: body(UpdateUserSchema) },
  responses: {
    200: json(z.object({ account: AccountSchema }), 'Changed'),
    ...refusals(...whoever, ...withBody),
  },
})

export const listAccounts = createRoute({
  method: 'get',
  path: '/accounts',
  tags,
  summary: 'The account with this e-mail, for whoever gives roles',
  ...only('admin'),
  request: { query: z.strictObject({ email: EmailSchema }) },
  responses: {
    200: json(z.object({ accounts: z.array(AccountSchema) }), 'One, or none'),
    ...refusals(...whoever, 'validation-failed'),
  },
})

export const putRole = createRoute({
  method: 'put',
  path: '/accounts/{id}/role',
  tags,
  summary: 'Give an account its role; its sessions end, and the change is kept with your name',
  ...only('admin'),
  request: { params: idParam, body: body(ChangeRoleSchema) },
  responses: {
    200: json(z.object({ account: AccountSchema }), 'As it is now'),
    ...refusals(...whoever, ...withBody, 'not-found'),
  },
})
