import { randomBytes, randomInt } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const secrets = z.object({
  AUTH_SECRET: z.string(),
  PAYMENT_GATEWAY_KEY: z.string(),
  PAYMENT_WEBHOOK_SECRET: z.string(),
  passwords: z.object({
    passenger: z.string(),
    operator: z.string(),
    manager: z.string(),
    admin: z.string(),
  }),
})

export type Secrets = z.infer<typeof secrets>

/** The secrets of this installation, made once: no two machines share one. */
export const readSecrets = async (folder: string): Promise<Secrets> => {
  const file = join(folder, 'secrets.json')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text !== undefined) return parse(text, file)
  const made = make()
  await writeFile(file, JSON.stringify(made, null, 2), { mode: 0o600 })
  return made
}

const parse = (text: string, file: string) => {
  try {
    return secrets.parse(JSON.parse(text))
  } catch {
    throw new Error(`${file} is damaged. Start afresh with: npm start -- --reset`)
  }
}

const make = (): Secrets => ({
  AUTH_SECRET: randomBytes(32).toString('base64url'),
  PAYMENT_GATEWAY_KEY: randomBytes(32).toString('base64url'),
  PAYMENT_WEBHOOK_SECRET: randomBytes(32).toString('base64url'),
  passwords: {
    passenger: password(),
    operator: password(),
    manager: password(),
    admin: password(),
  },
})

// Without letters that look alike: people type these.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
const password = () => [group(), group(), group()].join('-')
