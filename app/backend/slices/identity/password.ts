import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

// Runs on libuv's threads, never on the event loop.
const derive = promisify(argon2)

// OWASP's first choice (Password Storage Cheat Sheet): argon2id with 19 MiB, two passes, one lane.
// better-auth's own scrypt takes 32 MiB and twice the time for less resistance.
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const TAG_BYTES = 32

// NIST SP 800-63B asks for length, not for kinds of characters; the upper end bounds the work.
export const PASSWORD_MIN = 10
export const PASSWORD_MAX = 128

const shape = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

/** The hash with its salt and parameters, so that they can be raised later (PHC string format). */
export const hashPassword = async (password: string): Promise<string> => {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce,
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: LANES,
    tagLength: TAG_BYTES,
  })
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(nonce)}$${base64(tag)}`
}

export const verifyPassword = async ({ hash, password }: { hash: string; password: string }) => {
  const [, memory, passes, parallelism, nonce, tag] = shape.exec(hash) ?? []
  if (nonce === undefined || tag === undefined) throw new Error('a stored hash is not ours')
  const expected = Buffer.from(tag, 'base64')
  const actual = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: Buffer.from(nonce, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(actual, expected)
}

const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
