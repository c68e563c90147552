import type { Statement } from './groovy.ts'
import type { Rule } from './shape.ts'
import { bodyOf, inside, isLeaf, labelOf, lineage } from './stages.ts'
import { pipelineOf, section, stagesOf, walk, wordOf } from './stages.ts'
import type { Stage } from './stages.ts'

const leaves = (pipeline: Statement[]) => stagesOf(pipeline).filter(isLeaf)
const shellOf = (statements: Statement[]) => inside(walk(statements), 'sh')
const optionsOf = (it: { sections: Statement[] }) => bodyOf(section(it, 'options'))
const isApproval = (stage: Stage) => section(stage, 'input') !== undefined
const named = (stages: Stage[], complaint: string) =>
  stages.map(({ name }) => `${name} ${complaint}`)

/** `npm ci` or one verb of package.json; anything else belongs into that verb. */
const oneVerb = /^npm (ci( --[\w-]+)*|run [\w:-]+( -- [^;&|<>()`\n]+)?)$/

export const stagesRunOneVerb: Rule = (pipeline) => [
  ...shellOf(pipeline)
    .filter(({ args }) => typeof args?.[0] !== 'string' || !oneVerb.test(args[0]))
    .map(({ line }) => `line ${line}: not a verb of npm`),
  ...named(
    leaves(pipeline).filter((stage) => shellOf(bodyOf(section(stage, 'steps'))).length > 1),
    'runs more than one verb',
  ),
]

export const everyStageHasItsTime: Rule = (pipeline) => [
  ...named(
    leaves(pipeline).filter((stage) => inside(optionsOf(stage), 'timeout').length === 0),
    'has no timeout',
  ),
  // It would count the hours in which nobody has approved yet.
  ...inside(optionsOf(pipelineOf(pipeline)), 'timeout').map(() => 'the pipeline has a timeout'),
]

export const onlyInstallingIsRetried: Rule = (pipeline) =>
  inside(walk(pipeline), 'retry')
    .filter(({ body }) => shellOf(body ?? []).some((one) => !/^npm ci\b/.test(wordOf(one))))
    .map(({ line }) => `line ${line}: only npm ci may be tried twice`)

export const approvalsHoldNoExecutor: Rule = (pipeline) => {
  const approvals = stagesOf(pipeline).filter(isApproval)
  const top = section(pipelineOf(pipeline), 'agent')
  const isNone = JSON.stringify(top?.args) === '[{"expression":"none"}]'
  const inSteps = stagesOf(pipeline).flatMap((stage) =>
    inside(walk(bodyOf(section(stage, 'steps'))), 'input').map(() => stage),
  )
  const lacks = (part: string) =>
    approvals.filter((stage) => !bodyOf(section(stage, 'input')).some(({ name }) => name === part))
  return [
    ...(isNone ? [] : ['the pipeline holds an agent from beginning to end']),
    ...named(
      approvals.filter((stage) => labelOf(stage) !== undefined),
      'waits on an agent',
    ),
    ...named(inSteps, 'asks among its steps'),
    ...named(lacks('submitter'), 'may be approved by anybody'),
    ...named(
      approvals.filter((stage) => !has(stage, 'beforeInput')),
      'asks before it looks at when',
    ),
  ]
}

export const workHasAnAgent: Rule = (pipeline) =>
  named(
    leaves(pipeline).filter((stage) => !isApproval(stage) && labelOf(stage) === undefined),
    'has no agent',
  )

const has = (stage: Stage, condition: string) =>
  bodyOf(section(stage, 'when')).some(({ name, args }) => name === condition && args?.[0] === true)

const isOnMainOnly = (stage: Stage) =>
  lineage(stage).some((one) =>
    bodyOf(section(one, 'when')).some(
      ({ name, args }) => name === 'branch' && args?.[0] === 'main',
    ),
  )

const changesTheWorld =
  /^npm run (deploy|rollback|infra|images:publish|migrate|smoke|load:gate|mark)\b/

export const onlyMainReachesTheWorld: Rule = (pipeline) => {
  const stages = stagesOf(pipeline)
  const astray = stages.filter((stage) => isLeaf(stage) && !isOnMainOnly(stage))
  const early = stages.filter(
    (stage) => section(stage, 'agent') && section(stage, 'when') && !has(stage, 'beforeAgent'),
  )
  return [
    ...named(
      astray.filter((stage) => labelOf(stage) === 'deploy'),
      'deploys from any branch',
    ),
    ...named(
      astray.filter((stage) => walk(stage.sections).some(isCredential)),
      'has secrets on any branch',
    ),
    ...named(
      astray.filter((stage) =>
        shellOf(stage.sections).some((one) => changesTheWorld.test(wordOf(one))),
      ),
      'changes the world from any branch',
    ),
    ...named(early, 'takes an agent before it looks at when'),
    ...atTheEnd(pipeline),
  ]
}

// After the last stage there is no when: an if must stand around whatever takes an agent.
const atTheEnd = (pipeline: Statement[]) => {
  const post = walk(bodyOf(section(pipelineOf(pipeline), 'post')))
  const guards = post.filter(
    ({ name, args }) => name === 'if' && args?.[0] === '(env.BRANCH_NAME == main)',
  )
  const guarded = new Set(guards.flatMap((guard) => walk(bodyOf(guard))))
  return post
    .filter((one) => (one.name === 'node' || isCredential(one)) && !guarded.has(one))
    .map(({ line }) => `line ${line}: any branch takes an agent or a secret at its end`)
}

const isCredential = ({ name }: Statement) => name === 'credentials' || name === 'withCredentials'

export const credentialsOf = (pipeline: Statement[]): string[] => {
  const all = walk(pipeline)
  const bound = all
    .flatMap(({ args }) => args ?? [])
    .map((arg) => (arg as { credentialsId?: string } | null)?.credentialsId)
  return [...inside(all, 'credentials').map(wordOf), ...bound].filter((id) => id !== undefined)
}

export const secretsStaySecret: Rule = (pipeline) => {
  const all = walk(pipeline)
  const holders = [
    ...all
      .filter(({ operation, args }) => operation === '=' && callName(args?.[0]) === 'credentials')
      .map(({ name }) => name),
    ...all
      .flatMap(({ args }) => args ?? [])
      .flatMap((arg) => (arg as { variable?: string } | null)?.variable ?? []),
  ]
  return all.flatMap(({ name, line, args }) => {
    const said = JSON.stringify(args ?? [])
    return [
      // Groovy would put the value into the command line, where the log and every process can read it.
      ...(name === 'sh' && said.includes('"expression"')
        ? [`line ${line}: Groovy fills in a command`]
        : []),
      ...(/^(sh|echo|print|println)$/.test(name) && holders.some((holder) => said.includes(holder))
        ? [`line ${line}: a secret on a command line or in the log`]
        : []),
      ...(name === 'sh' && /\b(set -x|printenv|ssh|scp)\b/.test(said)
        ? [`line ${line}: ${said}`]
        : []),
    ]
  })
}

const callName = (value: unknown) => (value as Statement | undefined)?.name

export const buildsTakeTurns: Rule = (pipeline) => {
  const options = optionsOf(pipelineOf(pipeline))
  const [turns] = inside(options, 'disableConcurrentBuilds')
  const ordinals = inside(walk(pipeline), 'milestone').map(
    ({ args }) => (args?.[0] as { ordinal?: number } | undefined)?.ordinal ?? 0,
  )
  const isRising = ordinals.every((ordinal, i) => ordinal > (ordinals[i - 1] ?? 0))
  return [
    ...(turns ? [] : ['two builds of a branch may run at once']),
    ...(JSON.stringify(turns?.args ?? []).includes('"abortPrevious":true')
      ? ['a newer build may kill one that is releasing']
      : []),
    ...(ordinals.length > 0 && isRising ? [] : ['an older build may release after a newer one']),
    ...(inside(options, 'buildDiscarder').length > 0 ? [] : ['builds are kept for ever']),
  ]
}

export const workspacesAreLeftEmpty: Rule = (pipeline) =>
  named(
    stagesOf(pipeline).filter(
      (stage) =>
        section(stage, 'agent') &&
        !walk(bodyOf(section(stage, 'post'))).some(({ name }) => name === 'deleteDir'),
    ),
    'leaves its workspace behind',
  )

export const testsArePublished: Rule = (pipeline) =>
  named(
    leaves(pipeline).filter(
      (stage) =>
        shellOf(stage.sections).some((one) => /^npm (run )?test\b/.test(wordOf(one))) &&
        !walk(bodyOf(section(stage, 'post'))).some(({ name }) => name === 'junit'),
    ),
    'tests, and publishes nothing',
  )
