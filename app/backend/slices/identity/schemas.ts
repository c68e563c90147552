import { z } from '@hono/zod-openapi'
import { roles } from '../../kernel/principal.ts'
import { PASSWORD_MAX, PASSWORD_MIN } from './password.ts'

export const EmailSchema = z
  .email()
  .max(254)
  .toLowerCase()
  .openapi({ format: 'email', example: 'ana@example.com' })

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'No control characters.')
  .openapi({ example: 'Ana Ruiz' })

const newPassword = z.string().min(PASSWORD_MIN).max(PASSWORD_MAX)

/** A password that exists: whether it is right is for its hash to say. */
const password = z.string().min(1).max(PASSWORD_MAX)

export const RoleSchema = z.enum(roles).openapi('Role')

export const AccountSchema = z
  .object({ id: z.uuid(), email: z.string(), name: z.string(), role: RoleSchema })
  .openapi('Account')

export const SignedInSchema = z
  .object({
    account: AccountSchema,
    token: z.string().openapi({
      description: 'For API clients: Authorization: Bearer <token>. Browsers have the cookie.',
    }),
  })
  .openapi('SignedIn')

export const SignUpSchema = z.strictObject({ email: EmailSchema, name, password: newPassword })

export const SignInSchema = z.strictObject({ email: EmailSchema, password })

export const ResetRequestSchema = z.strictObject({ email: EmailSchema })

export const ResetSchema = z.strictObject({
  token: z
    .string()
    .regex(/^[\w-]{1,100}$/, "The link's token.")
    .openapi({ description: "From the mail's link" }),
  new_password: newPassword,
})

export const ChangePasswordSchema = z.strictObject({
  current_password: password,
  new_password: newPassword,
})

export const UpdateUserSchema = z.strictObject({ name })

export const ChangeRoleSchema = z.strictObject({ role: RoleSchema })
