import type { Statement } from './groovy.ts'
import { bodyOf, inside, pipelineOf, section, stagesOf } from './stages.ts'
import type { Stage } from './stages.ts'

/** What is wrong with a pipeline, sentence by sentence; nothing, when nothing is. */
export type Rule = (pipeline: Statement[]) => string[]

// The grammar of declarative pipelines, as pipeline-model-definition checks it before a build.
const topSections = 'agent options parameters environment triggers tools libraries stages post'
const stageSections =
  'agent options environment tools when input steps stages parallel matrix failFast post'
const postConditions =
  'always changed fixed regression aborted failure success unsuccessful unstable notBuilt cleanup'
const words = (text: string) => new Set(text.split(' '))

const mayBeEmpty = words('agent')
const takesValue = words('agent failFast')

export const isOneDeclarativePipeline: Rule = (pipeline) => {
  const strange = pipeline.filter((one) => one.name !== 'pipeline' || one.on !== undefined)
  const { sections } = pipelineOf(pipeline)
  return [
    ...(pipeline.length === 1
      ? []
      : [`there are ${pipeline.length} statements beside the pipeline`]),
    ...strange.map((one) => `line ${one.line}: ${one.name} is not a pipeline`),
    ...['agent', 'stages']
      .filter((name) => section({ sections }, name) === undefined)
      .map((name) => `the pipeline has no ${name}`),
    ...wrongSections('the pipeline', sections, words(topSections)),
  ]
}

export const stagesAreWellFormed: Rule = (pipeline) => stagesOf(pipeline).flatMap(wrongInStage)

const wrongInStage = (stage: Stage) => {
  const what = `stage ${stage.name}`
  const work = stage.sections.filter(({ name }) => words('steps stages parallel matrix').has(name))
  const groups = stage.sections.filter(({ name }) => name === 'stages' || name === 'parallel')
  const isWithinParallel = stage.parents.some((parent) => section(parent, 'parallel'))
  const input = section(stage, 'input')
  return [
    ...(stage.name === '' ? [`line ${stage.line}: a stage without a name`] : []),
    ...wrongSections(what, stage.sections, words(stageSections)),
    ...(work.length === 1 ? [] : [`${what} has ${work.length} of steps, stages, parallel, matrix`]),
    ...groups.flatMap((group) =>
      bodyOf(group)
        .filter(({ name }) => name !== 'stage')
        .map(({ name }) => `${what}: ${name} among its stages`),
    ),
    ...(isWithinParallel && section(stage, 'parallel')
      ? [`${what}: parallel within parallel`]
      : []),
    ...(input && !bodyOf(input).some(({ name }) => name === 'message')
      ? [`${what}: input without a message`]
      : []),
  ]
}

const wrongSections = (what: string, sections: Statement[], known: Set<string>) => [
  ...sections.filter(({ name }) => !known.has(name)).map(({ name }) => `${what}: unknown ${name}`),
  ...[...known]
    .filter((name) => inside(sections, name).length > 1)
    .map((name) => `${what}: ${name} twice`),
  // On one line, Groovy calls the second section on the answer of the first, which Jenkins never sees.
  ...sections
    .filter(({ on }) => on !== undefined)
    .map(({ name, on }) => `${what}: ${on!.name} is lost, because ${name} is on its line`),
  ...sections
    .filter(({ name, body }) => !mayBeEmpty.has(name) && !takesValue.has(name) && !body?.length)
    .map(({ name }) => `${what}: ${name} is empty`),
  ...inside(sections, 'post').flatMap((post) => wrongConditions(what, bodyOf(post))),
]

const wrongConditions = (what: string, conditions: Statement[]) =>
  conditions
    .filter(({ name, body }) => !words(postConditions).has(name) || !body?.length)
    .map(({ name }) => `${what}: ${name} in post is unknown or empty`)

export const stageNamesAreUnique: Rule = (pipeline) => {
  const byName = Map.groupBy(stagesOf(pipeline), ({ name }) => name)
  return [...byName].filter(([, all]) => all.length > 1).map(([name]) => `two stages are ${name}`)
}
