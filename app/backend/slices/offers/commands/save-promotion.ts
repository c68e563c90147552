import type { Database } from '../../../kernel/database.ts'
import { Problem } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import { auditRule } from './audit-rule.ts'

export type PromotionContent = {
  name_es: string
  name_en: string
  basis_points: number
  valid_from: string
  valid_to: string
  is_public: boolean
}
export type StoredPromotion = Omit<PromotionContent, 'valid_from' | 'valid_to'> & {
  id: string
  code: string
  valid_from: Date
  valid_to: Date
  version: number
}

type Changed = { actor: string; reason: string | null }

export const listPromotions = ({ db }: { db: Database }) =>
  db.rows<StoredPromotion>(sql('offers.list_promotions')`
    select id, code, name_es, name_en, basis_points, valid_from, valid_to, is_public, version
      from offers.promotions
  order by code`)

export const registerPromotion = (
  { db }: { db: Database },
  code: string,
  content: PromotionContent,
  by: Changed,
) =>
  db.transaction(async (tx) => {
    const { name_es, name_en, basis_points, valid_from, valid_to, is_public } = content
    const stored = await tx.maybeRow<StoredPromotion>(sql('offers.insert_promotion')`
      insert into offers.promotions
             (code, name_es, name_en, basis_points, valid_from, valid_to, is_public)
      values (${code}, ${name_es}, ${name_en}, ${basis_points}, ${valid_from}, ${valid_to}, ${is_public})
          on conflict (code) do nothing
   returning id, code, name_es, name_en, basis_points, valid_from, valid_to, is_public, version`)
    if (!stored) throw new Problem('name-taken', `There is a promotion ${code} already.`)
    await auditRule(tx, { kind: 'promotion', rule: stored, ...by })
    return stored
  })

/** Offers made before keep the discount that they were priced with. */
export const changePromotion = (
  { db }: { db: Database },
  { id, version }: { id: string; version: number },
  content: PromotionContent,
  by: Changed,
) =>
  db.transaction(async (tx) => {
    const { name_es, name_en, basis_points, valid_from, valid_to, is_public } = content
    const stored = await tx.maybeRow<StoredPromotion>(sql('offers.update_promotion')`
      update offers.promotions
         set name_es = ${name_es}, name_en = ${name_en}, basis_points = ${basis_points},
             valid_from = ${valid_from}, valid_to = ${valid_to}, is_public = ${is_public},
             version = version + 1
       where id = ${id} and version = ${version}
   returning id, code, name_es, name_en, basis_points, valid_from, valid_to, is_public, version`)
    if (!stored) throw await staleOrUnknown(tx, id)
    await auditRule(tx, { kind: 'promotion', rule: stored, ...by })
    return stored
  })

const staleOrUnknown = async (tx: Database, id: string) => {
  const known = await tx.maybeRow<{ version: number }>(sql('offers.promotion_version')`
    select version from offers.promotions where id = ${id}`)
  return known
    ? new Problem('version-conflict', undefined, { members: { version: known.version } })
    : new Problem('not-found', 'There is no such promotion.')
}
