import { inOrder, readManifest, readStack } from '../synthesised.ts'
import { findingsIn, nameOf } from './violations.ts'

type Exception = { rule: string; says: string; reason: string; where: string[] }

const collect = (environments: string[], folder?: string) => {
  const found = new Map<string, Exception>()
  for (const environment of environments)
    for (const stack of inOrder(readManifest(environment, folder)))
      for (const { rule, reason, address } of findingsIn(readStack(environment, stack, folder))) {
        if (!reason) continue
        const key = `${rule.id} ${reason}`
        const one = found.get(key) ?? { rule: nameOf(rule), says: rule.says, reason, where: [] }
        one.where.push(`${environment}/${stack} \`${address}\``)
        found.set(key, one)
      }
  return [...found.values()].toSorted((a, b) => (a.rule < b.rule ? -1 : 1))
}

/** Everything that may break a rule, and why: what a security review reads. */
export const writeExceptions = (environments: string[], folder?: string) => {
  const rows = collect(environments, folder).map(
    ({ rule, says, reason, where }) =>
      `## ${rule}\n\nThe rule: ${says}.\n\nThe reason: ${reason}\n\n${where.map((one) => `- ${one}`).join('\n')}\n`,
  )
  return `# Exceptions from the policies\n\nWritten by \`npm run synth\`; a test compares. Each reason stands in the code, beside what it excuses.\n\n${rows.join('\n')}`
}
