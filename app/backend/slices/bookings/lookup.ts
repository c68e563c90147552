import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import type { Database } from '../../kernel/database.ts'
import { note } from '../../kernel/ledger.ts'
import { Problem } from '../../kernel/problems.ts'
import { sql } from '../../kernel/sql.ts'
import type { Mailer } from '../../mailer.ts'
import { familyNameKey } from './reference.ts'

export type Lookup = { booking_reference: string; family_name: string }

export type Needs = { db: Database; mailer: Mailer; secret: string }

/** Six characters and a surname are a weak key: so few tries, from one place and at one booking. */
const ATTEMPTS_MAX = 8
const WINDOW_MINUTES = 15
const CODE_MINUTES = 15

type Found = { id: string; contact_email: string; language: 'es' | 'en' }

/** Finds a booking by reference and family name, at most so often for an address and a reference. */
export const lookUp = async (
  { db }: { db: Database },
  { booking_reference, family_name }: Lookup,
  address: string,
): Promise<Found> => {
  await countAttempt(db, [`address ${address}`, `reference ${booking_reference}`])
  const found = await db.maybeRow<Found>(sql('bookings.look_up')`
    select b.id, b.contact_email, b.language
      from bookings.bookings b
     where b.booking_reference = ${booking_reference}
       and exists (select from bookings.passengers p
                    where p.booking_id = b.id and p.family_name_key = ${familyNameKey(family_name)})`)
  if (!found) throw new Problem('not-found', 'No booking has this reference and family name.')
  note('booking_reference', booking_reference)
  return found
}

const countAttempt = async (db: Database, subjects: string[]) => {
  const counts = await db.rows<{ attempts: number; seconds_left: number }>(sql(
    'bookings.count_attempt',
  )`
    insert into bookings.lookup_attempts as a (subject, window_start)
    select subject, date_bin(${WINDOW_MINUTES} * interval '1 minute', clock_timestamp(), 'epoch')
      from unnest(${subjects}::text[]) as subject
  order by subject
        on conflict (subject, window_start) do update set attempts = a.attempts + 1
 returning attempts,
           ceil(extract(epoch from window_start + ${WINDOW_MINUTES} * interval '1 minute' - clock_timestamp()))::int
             as seconds_left`)
  const over = counts.find(({ attempts }) => attempts > ATTEMPTS_MAX)
  if (over)
    throw new Problem('rate-limited', 'Too many look-ups; try again later.', {
      retryAfterSeconds: Math.max(1, over.seconds_left),
    })
}

/** Mails a code that opens the rest, to the address of the booking and no other. */
export const mailCode = async (
  { db, mailer, secret }: Needs,
  { id, contact_email, language }: Found,
) => {
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  await db.rows(sql('bookings.set_code')`
    insert into bookings.lookup_codes (booking_id, code_hash, expires_at)
    values (${id}, ${hashOf(secret, id, code)}, clock_timestamp() + ${CODE_MINUTES} * interval '1 minute')
        on conflict (booking_id) do update
       set code_hash = excluded.code_hash, expires_at = excluded.expires_at, attempts_left = 5`)
  const words = {
    es: ['Su código de AeroFlash', `Su código es ${code}. Vale ${CODE_MINUTES} minutos.`],
    en: ['Your AeroFlash code', `Your code is ${code}. It is good for ${CODE_MINUTES} minutes.`],
  } as const
  const [subject, text] = words[language]
  mailer.send({ to: contact_email, subject, text })
}

/** Takes a mailed code, once. Five wrong ones and it is gone. */
export const takeCode = async ({ db, secret }: Needs, { id }: Found, code: string) => {
  const stored = await db.maybeRow<{ code_hash: string }>(sql('bookings.try_code')`
    update bookings.lookup_codes
       set attempts_left = attempts_left - 1
     where booking_id = ${id} and attempts_left > 0 and expires_at > clock_timestamp()
 returning code_hash`)
  const given = Buffer.from(hashOf(secret, id, code))
  if (!stored || !timingSafeEqual(given, Buffer.from(stored.code_hash)))
    throw new Problem('code-expired')
  const taken = await db.maybeRow(sql('bookings.take_code')`
    delete from bookings.lookup_codes
     where booking_id = ${id} and code_hash = ${stored.code_hash}
 returning booking_id`)
  if (!taken) throw new Problem('code-expired')
}

// A million codes are soon tried against a plain hash; keyed, a stolen table tells nothing.
const hashOf = (secret: string, id: string, code: string) =>
  createHmac('sha256', secret).update(`lookup ${id} ${code}`).digest('hex')
