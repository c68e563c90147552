import type { Database } from '../../../kernel/database.ts'
import { sql } from '../../../kernel/sql.ts'

export type RuleAudit = {
  kind: 'destination_tax' | 'promotion'
  rule: { id: string; version: number }
  actor: string
  reason: string | null
}

/** Keeps each version of a rule whole, with who made it and why. */
export const auditRule = (tx: Database, { kind, rule, actor, reason }: RuleAudit) =>
  tx.rows(sql('offers.audit_rule')`
    insert into offers.rule_audit (rule_kind, rule_id, version, actor, reason, content)
    values (${kind}, ${rule.id}, ${rule.version}, ${actor}, ${reason}, ${JSON.stringify(rule)})`)
