import type { Database } from '../../../kernel/database.ts'
import { Problem } from '../../../kernel/problems.ts'
import { sql } from '../../../kernel/sql.ts'
import type { TaxRule } from '../taxes.ts'
import { auditRule } from './audit-rule.ts'

export type TaxContent = Omit<TaxRule, 'id' | 'version' | 'code'> & {
  collected_by: 'airline' | 'destination'
  source: string | null
}
export type StoredTax = TaxContent & { id: string; code: string; version: number }

type Changed = { actor: string; reason: string | null }

export const listTaxes = ({ db }: { db: Database }) =>
  db.rows<StoredTax>(sql('offers.list_taxes')`
    select id, code, name_es, name_en, jurisdiction, trigger, amount, basis_points, currency,
           min_age, max_age, exempt_residents, exempt_infants, market, refundable, collected_by,
           valid_from, valid_to, source, version
      from offers.destination_taxes
  order by code`)

export const registerTax = ({ db }: { db: Database }, code: string, tax: TaxContent, by: Changed) =>
  db.transaction(async (tx) => {
    const stored = await tx.maybeRow<StoredTax>(sql('offers.insert_tax')`
      insert into offers.destination_taxes
             (code, name_es, name_en, jurisdiction, trigger, amount, basis_points, currency, min_age,
              max_age, exempt_residents, exempt_infants, market, refundable, collected_by,
              valid_from, valid_to, source)
      select ${code}, name_es, name_en, jurisdiction, trigger, amount, basis_points, currency, min_age,
             max_age, exempt_residents, exempt_infants, market, refundable, collected_by,
             valid_from, valid_to, source
        from jsonb_populate_record(null::offers.destination_taxes, ${JSON.stringify(tax)})
          on conflict (code) do nothing
   returning id, code, name_es, name_en, jurisdiction, trigger, amount, basis_points, currency,
             min_age, max_age, exempt_residents, exempt_infants, market, refundable, collected_by,
             valid_from, valid_to, source, version`)
    if (!stored) throw new Problem('name-taken', `There is a tax ${code} already.`)
    await auditRule(tx, { kind: 'destination_tax', rule: stored, ...by })
    return stored
  })

/** Offers made before keep the version that they were priced with. */
export const changeTax = (
  { db }: { db: Database },
  { id, version }: { id: string; version: number },
  tax: TaxContent,
  by: Changed,
) =>
  db.transaction(async (tx) => {
    const stored = await tx.maybeRow<StoredTax>(sql('offers.update_tax')`
      update offers.destination_taxes t
         set (name_es, name_en, jurisdiction, trigger, amount, basis_points, currency, min_age,
              max_age, exempt_residents, exempt_infants, market, refundable, collected_by,
              valid_from, valid_to, source, version)
           = (select n.name_es, n.name_en, n.jurisdiction, n.trigger, n.amount, n.basis_points,
                     n.currency, n.min_age, n.max_age, n.exempt_residents, n.exempt_infants, n.market,
                     n.refundable, n.collected_by, n.valid_from, n.valid_to, n.source, t.version + 1
                from jsonb_populate_record(null::offers.destination_taxes, ${JSON.stringify(tax)}) n)
       where id = ${id} and version = ${version}
   returning id, code, name_es, name_en, jurisdiction, trigger, amount, basis_points, currency,
             min_age, max_age, exempt_residents, exempt_infants, market, refundable, collected_by,
             valid_from, valid_to, source, version`)
    if (!stored) throw await staleOrUnknown(tx, id)
    await auditRule(tx, { kind: 'destination_tax', rule: stored, ...by })
    return stored
  })

const staleOrUnknown = async (tx: Database, id: string) => {
  const known = await tx.maybeRow<{ version: number }>(sql('offers.tax_version')`
    select version from offers.destination_taxes where id = ${id}`)
  return known
    ? new Problem('version-conflict', undefined, { members: { version: known.version } })
    : new Problem('not-found', 'There is no such tax.')
}
