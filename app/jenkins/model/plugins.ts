import type { Statement } from './groovy.ts'
import { bodyOf, pipelineOf, section, stagesOf, walk } from './stages.ts'

/** Which plugin brings which step or option. What is not here is not known, and a test says so. */
export const pluginOf: Record<string, string> = {
  sh: 'workflow-aggregator',
  node: 'workflow-aggregator',
  retry: 'workflow-aggregator',
  timeout: 'workflow-aggregator',
  catchError: 'workflow-aggregator',
  checkout: 'workflow-aggregator',
  stash: 'workflow-aggregator',
  unstash: 'workflow-aggregator',
  deleteDir: 'workflow-aggregator',
  // archiveArtifacts, buildDiscarder and logRotator are Jenkins' own.
  archiveArtifacts: 'jenkins',
  buildDiscarder: 'jenkins',
  disableConcurrentBuilds: 'workflow-aggregator',
  skipDefaultCheckout: 'pipeline-model-definition',
  script: 'pipeline-model-definition',
  input: 'pipeline-input-step',
  milestone: 'pipeline-milestone-step',
  withCredentials: 'credentials-binding',
  credentials: 'credentials-binding',
  string: 'plain-credentials',
  file: 'plain-credentials',
  junit: 'junit',
  recordCoverage: 'coverage',
  timestamps: 'timestamper',
  ansiColor: 'ansicolor',
}

const grammar = new Set(['if', 'logRotator'])

/** The names of all steps and options that a pipeline uses. */
export const stepsOf = (pipeline: Statement[]): string[] => {
  const top = pipelineOf(pipeline)
  const all = [top, ...stagesOf(pipeline)].flatMap((it) => [
    ...walk(bodyOf(section(it, 'options'))),
    ...walk(bodyOf(section(it, 'steps'))),
    ...bodyOf(section(it, 'post')).flatMap((condition) => walk(bodyOf(condition))),
    ...walk(bodyOf(section(it, 'environment'))).filter(({ operation }) => operation === undefined),
    ...(section(it, 'input') ? [section(it, 'input')!] : []),
  ])
  return [...new Set(all.map(({ name }) => name))].filter((name) => !grammar.has(name))
}
