import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'

const MAGIC = Buffer.from('AEROFLASH-1\n')
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = MAGIC.length + SALT_BYTES + NONCE_BYTES
const KEY_CHARACTERS_MIN = 32

/** Compresses and encrypts a stream into a file (AES-256-GCM). The file is there when all of it is. */
export const seal = async (source: Readable, file: string, key: string): Promise<void> => {
  const salt = randomBytes(SALT_BYTES)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyFrom(key, salt), nonce)
  const part = `${file}.part`
  try {
    const target = createWriteStream(part, { mode: 0o600 })
    target.write(Buffer.concat([MAGIC, salt, nonce]))
    await pipeline(
      source,
      createZstdCompress(),
      cipher,
      async function* (encrypted) {
        yield* encrypted
        yield cipher.getAuthTag()
      },
      target,
    )
    await flush(part)
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

const flush = async (file: string) => {
  const handle = await open(file)
  await handle.sync().finally(() => handle.close())
}

/** Throws unless all of a file is as it was sealed, with this key. */
export const verify = async (file: string, key: string): Promise<void> => {
  const ignore = new Writable({ write: (_chunk, _encoding, done) => done() })
  await decrypt(file, key, ignore).catch((error: Error) => {
    throw new Error(`${file} is damaged, or the key is another: ${error.message}`)
  })
}

/** Decrypts a file into a stream, and leaves that open. All of it is checked before any of it is given out. */
export const unseal = async (file: string, key: string, target: Writable): Promise<void> => {
  await verify(file, key)
  await decrypt(file, key, target)
}

const decrypt = async (file: string, key: string, target: Writable) => {
  const { salt, nonce, tag, size } = await endsOf(file)
  const decipher = createDecipheriv('aes-256-gcm', keyFrom(key, salt), nonce)
  decipher.setAuthTag(tag)
  const encrypted = createReadStream(file, { start: HEAD_BYTES, end: size - TAG_BYTES - 1 })
  await pipeline(encrypted, decipher, createZstdDecompress(), target, { end: false })
}

const endsOf = async (file: string) => {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    if (size <= HEAD_BYTES + TAG_BYTES) throw new Error('it is too short')
    const head = await read(handle, HEAD_BYTES, 0)
    if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('it is no backup of ours')
    const salt = head.subarray(MAGIC.length, MAGIC.length + SALT_BYTES)
    const nonce = head.subarray(MAGIC.length + SALT_BYTES)
    return { salt, nonce, size, tag: await read(handle, TAG_BYTES, size - TAG_BYTES) }
  } finally {
    await handle.close()
  }
}

const read = async (handle: Awaited<ReturnType<typeof open>>, length: number, position: number) =>
  (await handle.read(Buffer.alloc(length), 0, length, position)).buffer

const keyFrom = (key: string, salt: Buffer) => {
  if (key.length < KEY_CHARACTERS_MIN)
    throw new Error(`BACKUP_KEY needs at least ${KEY_CHARACTERS_MIN} characters.`)
  return scryptSync(key, salt, 32)
}
