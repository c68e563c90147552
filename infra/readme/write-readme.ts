import { environments } from '../settings.ts'
import { inOrder, readManifest, readStack } from '../synthesised.ts'
import { estimate, LINES } from './cost.ts'
import { draw } from './picture.ts'

const stacksOf = (environment: string, folder?: string) =>
  Object.fromEntries(
    inOrder(readManifest(environment, folder)).map((stack) => [
      stack,
      readStack(environment, stack, folder),
    ]),
  )

const costs = (folder?: string) => {
  const rows = environments.map(({ name, topology, hosts, budgetUsd }) => {
    const sums = estimate(Object.values(stacksOf(name, folder)))
    const all = LINES.reduce((sum, line) => sum + sums[line], 0)
    const cells = LINES.map((line) => Math.round(sums[line]))
    return `| ${name} | ${topology} | ${hosts.least}–${hosts.most} × ${hosts.machine} | ${cells.join(' | ')} | **${Math.round(all)}** | ${budgetUsd} |`
  })
  return [
    `| environment | topology | hosts | ${LINES.join(' | ')} | US$ a month | budget |`,
    `| --- | --- | --- | ${LINES.map(() => '---:').join(' | ')} | ---: | ---: |`,
    ...rows,
  ].join('\n')
}

/** Which environment shows a topology. */
export const SHOWN = { single: 'production', ha: 'production-ha', 'ha-dr': 'production-dr' }

const picture = (environment: string, folder?: string) =>
  `\`\`\`mermaid\n${draw(stacksOf(environment, folder))}\n\`\`\``

/** Fills what is between `<!-- name -->` and `<!-- /name -->` with what is synthesised. */
export const fillIn = (readme: string, folder?: string) => {
  const parts = {
    cost: costs(folder),
    ...Object.fromEntries(
      Object.entries(SHOWN).map(([topology, name]) => [
        `picture ${topology}`,
        picture(name, folder),
      ]),
    ),
  }
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [before, rest] = text.split(begin)
    const after = rest?.split(end)[1]
    if (after === undefined) throw new Error(`infra/README.md has no place for: ${name}`)
    return `${before}${begin}\n${part}\n${end}${after}`
  }, readme)
}
