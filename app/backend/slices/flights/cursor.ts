import { z } from 'zod'
import { invalid } from '../../kernel/problems.ts'

const position = z.tuple([z.iso.datetime(), z.uuid()])

/** Where a page ended, opaque to the client: it may change its shape with any release. */
export const writeCursor = ({ departs_at, id }: { departs_at: Date; id: string }) =>
  Buffer.from(JSON.stringify([departs_at, id])).toString('base64url')

export const readCursor = (cursor: string) => {
  try {
    const text = Buffer.from(cursor, 'base64url').toString()
    const [departs_at, id] = position.parse(JSON.parse(text))
    return { departs_at, id }
  } catch {
    throw invalid({ pointer: 'query/after', code: 'bad_cursor', detail: 'Not a cursor of ours.' })
  }
}
