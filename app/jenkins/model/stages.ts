import type { Statement } from './groovy.ts'

export type Stage = {
  name: string
  line: number
  /** Its sections: agent, when, steps, post… */
  sections: Statement[]
  /** From the outermost to its own parent. */
  parents: Stage[]
  children: Stage[]
}

export const bodyOf = (statement: Statement | undefined) => statement?.body ?? []

export const section = ({ sections }: { sections: Statement[] }, name: string) =>
  sections.find((one) => one.name === name)

export const inside = (statements: Statement[], name: string) =>
  statements.filter((one) => one.name === name)

/** Its first argument, where that is a text. */
export const wordOf = ({ args }: Statement) => (typeof args?.[0] === 'string' ? args[0] : '')

/** Every statement below, itself included, however deep: in bodies, in arguments, in what it is called on. */
export const walk = (statements: Statement[]): Statement[] =>
  statements.flatMap((one) => [
    one,
    ...walk([...bodyOf(one), ...(one.args ?? []).flatMap(callsIn), ...(one.on ? [one.on] : [])]),
  ])

const callsIn = (value: unknown): Statement[] => {
  if (Array.isArray(value)) return value.flatMap(callsIn)
  if (typeof value !== 'object' || value === null) return []
  if ('name' in value && 'line' in value) return [value as Statement]
  return Object.values(value).flatMap(callsIn)
}

export const pipelineOf = (statements: Statement[]) => ({
  sections: bodyOf(statements.find((one) => one.name === 'pipeline')),
})

/** All stages, each parent before its children. */
export const stagesOf = (statements: Statement[]): Stage[] =>
  below(bodyOf(section(pipelineOf(statements), 'stages')), [])

const below = (statements: Statement[], parents: Stage[]): Stage[] =>
  inside(statements, 'stage').flatMap((one) => {
    const stage: Stage = {
      name: wordOf(one),
      line: one.line,
      sections: bodyOf(one),
      parents,
      children: [],
    }
    const nested = stage.sections.filter(({ name }) => name === 'stages' || name === 'parallel')
    const descendants = nested.flatMap((group) => below(bodyOf(group), [...parents, stage]))
    stage.children = descendants.filter(({ parents }) => parents.at(-1) === stage)
    return [stage, ...descendants]
  })

export const lineage = (stage: Stage) => [...stage.parents, stage]
export const isLeaf = ({ sections }: Stage) => section({ sections }, 'steps') !== undefined

/** The label of the agent that its steps run on: its own, or that of the nearest parent which has one. */
export const labelOf = (stage: Stage): string | undefined => {
  const agents = lineage(stage).flatMap((one) => section(one, 'agent') ?? [])
  const label = bodyOf(agents.at(-1)).find((one) => one.name === 'label')
  return label && wordOf(label)
}
