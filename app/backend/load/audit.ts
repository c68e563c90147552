import type { Database } from '../kernel/database.ts'
import { sql } from '../kernel/sql.ts'
import type { Statement } from '../kernel/sql.ts'
import { withDatabase } from '../local/database.ts'
import { withSecretFiles } from '../secret-files.ts'
import { defaultBounds, invariants } from './invariants.ts'
import type { Bounds, Invariant } from './invariants.ts'
import { localDatabaseUrl } from './local-database.ts'

export type Finding = { name: string; broken: object[] }

/** More are not listed: whoever sees so many has seen enough. */
const OFFENDERS_MAX = 100
const SHOWN_MAX = 3

/** Looks for whatever breaks an invariant. Only reads, and may run beside the product. */
export const audit = (db: Database, bounds: Partial<Bounds> = {}): Promise<Finding[]> =>
  db.transaction(async (tx) => {
    // It reads whole tables, and takes longer than a request may.
    await tx.rows(sql('audit.patience')`set local statement_timeout = '300s'`)
    const findings: Finding[] = []
    for (const invariant of invariants)
      findings.push(await check(tx, invariant, { ...defaultBounds, ...bounds }))
    return findings
  })

const check = async (tx: Database, { name, offenders }: Invariant, bounds: Bounds) => ({
  name,
  broken: await tx.rows(fewOf(offenders(bounds))),
})

const fewOf = ({ text, ...statement }: Statement): Statement => ({
  ...statement,
  text: `select * from (${text}) as offenders limit ${OFFENDERS_MAX}`,
})

/** A line an invariant, with the first of what breaks it. */
export const reportOf = (findings: Finding[]) =>
  findings
    .flatMap(({ name, broken }) => {
      const count = broken.length < OFFENDERS_MAX ? broken.length : `${OFFENDERS_MAX} or more`
      const shown = broken.slice(0, SHOWN_MAX).map((row) => `            ${JSON.stringify(row)}`)
      return broken.length === 0 ? [`ok        ${name}`] : [`${count} BROKEN  ${name}`, ...shown]
    })
    .join('\n')

/** `npm run audit`: of DATABASE_URL, or else of what `npm start` runs. */
const main = async () => {
  const { DATABASE_URL } = withSecretFiles(process.env, ['DATABASE_URL'])
  const databaseUrl = DATABASE_URL || (await localDatabaseUrl(process.env))
  const findings = await withDatabase(databaseUrl, (db) => audit(db))
  console.log(reportOf(findings))
  process.exitCode = findings.some(({ broken }) => broken.length > 0) ? 1 : 0
}

if (import.meta.main)
  await main().catch(({ message, cause }: Error) => {
    console.error(cause instanceof Error ? `${message} (${cause.message})` : message)
    process.exitCode = 2
  })
