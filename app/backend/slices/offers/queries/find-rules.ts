import type { Database } from '../../../kernel/database.ts'
import { invalid } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Promotion } from '../quote.ts'
import type { TaxRule } from '../taxes.ts'

type Needs = { db: Database; clock: () => Date }

/** Rules that are in force now or later; which of them apply, the day of the flight decides. */
export const currentTaxes = ({ db, clock }: Needs) =>
  db.rows<TaxRule>(sql('offers.current_taxes')`
    select id, code, name_es, name_en, jurisdiction, trigger, amount, basis_points, currency,
           min_age, max_age, exempt_residents, exempt_infants, market, refundable,
           valid_from, valid_to, version
      from offers.destination_taxes
     where coalesce(valid_to, 'infinity') >= ${clock()}::date
  order by code`)

/** The promotion by its code, or the public one on show; a code that does not work is said. */
export const findPromotion = async ({ db, clock }: Needs, code?: string) => {
  const promotion = await db.maybeRow<Promotion>(sql('offers.find_promotion')`
    select id, code, basis_points, version, name_es, name_en
      from offers.promotions
     where valid_from <= ${clock()} and ${clock()} < valid_to
       and case when ${code ?? null}::text is null then is_public else code = upper(${code ?? null}) end
  order by basis_points desc, code
     limit 1`)
  if (!promotion && code !== undefined)
    throw invalid({
      pointer: '/promotion_code',
      code: 'unknown_promotion',
      detail: `There is no promotion ${code.toUpperCase()}, or not now.`,
    })
  return promotion ?? null
}

const ON_SHOW_MS = 1_000

/**
 * The public promotion of the moment, as the search shows it. Everybody sees the same one, so it is
 * looked up once a second; what is paid is the offer's own, looked up when it is made.
 */
export const createPromotionOnShow = (needs: Needs) => {
  let shown: ReturnType<typeof onShow> = Promise.resolve(null)
  let until = 0
  return () => {
    if (performance.now() < until) return shown
    until = performance.now() + ON_SHOW_MS
    shown = onShow(needs)
    shown.catch(() => (until = 0))
    return shown
  }
}

const onShow = async (needs: Needs) => {
  const promotion = await findPromotion(needs)
  if (!promotion) return null
  const { code, basis_points, name_es, name_en } = promotion
  return { code, percent: basis_points / 100, name_es, name_en }
}
