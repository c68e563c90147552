import * as rules from './rules.ts'
import * as shape from './shape.ts'
import type { Rule } from './shape.ts'

/** How Sound.Jenkinsfile is broken, and the rule that must see it. */
export type Trespass = { title: string; rule: Rule; from: string; to: string }

const trespass = (title: string, rule: Rule, from: string, to: string): Trespass => ({
  title,
  rule,
  from,
  to,
})

const { stagesAreWellFormed, isOneDeclarativePipeline, stageNamesAreUnique } = shape
const { stagesRunOneVerb, everyStageHasItsTime, onlyInstallingIsRetried } = rules
const { approvalsHoldNoExecutor, workHasAnAgent, onlyMainReachesTheWorld } = rules
const { secretsStaySecret, buildsTakeTurns, workspacesAreLeftEmpty, testsArePublished } = rules

const release = "sh 'npm run deploy -- production'"
const stack = "sh 'npm run test:stack'"
const onBuild = "      agent {\n        label 'build'\n      }\n"
const published =
  "          post {\n            always {\n              junit 'reports/junit.xml'\n"
const timed = "          options {\n            timeout(time: 10, unit: 'MINUTES')\n          }\n"

export const trespasses: Trespass[] = [
  trespass(
    'a section on one line with the next, which loses its agent',
    stagesAreWellFormed,
    `${onBuild}      stages {`,
    `      agent { label 'build' } stages {`,
  ),
  trespass('a section misspelt', stagesAreWellFormed, '      steps {\n', '      stpes {\n'),
  trespass('an empty section', stagesAreWellFormed, stack, ''),
  trespass('an unknown condition', stagesAreWellFormed, 'always {', 'ever {'),
  trespass(
    'steps beside stages',
    stagesAreWellFormed,
    `${onBuild}      stages {`,
    `${onBuild}      steps {\n        sh 'npm ci'\n      }\n      stages {`,
  ),
  trespass('an input without words', stagesAreWellFormed, "        message 'Release?'\n", ''),
  trespass('no agent at the top', isOneDeclarativePipeline, '  agent none\n', ''),
  trespass('a script around it', isOneDeclarativePipeline, 'pipeline {\n', 'print 1\npipeline {\n'),
  trespass('two stages of one name', stageNamesAreUnique, "stage('Stack')", "stage('Test')"),
  trespass('a shell script', stagesRunOneVerb, stack, "sh 'npx tsc && npx oxlint'"),
  trespass('two verbs', stagesRunOneVerb, stack, `${stack}\n            ${stack}`),
  trespass('a stage without end', everyStageHasItsTime, timed, ''),
  trespass(
    'an end that counts the wait for an approval',
    everyStageHasItsTime,
    '    disableConcurrentBuilds()\n',
    "    disableConcurrentBuilds()\n    timeout(time: 1, unit: 'HOURS')\n",
  ),
  trespass(
    'a release that is tried again',
    onlyInstallingIsRetried,
    release,
    `retry(2) {\n          ${release}\n        }`,
  ),
  trespass('an agent all along', approvalsHoldNoExecutor, 'agent none', 'agent any'),
  trespass('a question among steps', approvalsHoldNoExecutor, release, `input 'Well?'`),
  trespass(
    'an approval on an agent',
    approvalsHoldNoExecutor,
    "        beforeInput true\n        branch 'main'\n      }\n",
    `        beforeInput true\n        branch 'main'\n      }\n${onBuild}`,
  ),
  trespass(
    'an approval by anybody',
    approvalsHoldNoExecutor,
    "        submitter 'release-manager'\n",
    '',
  ),
  trespass(
    'an approval that every branch is asked for',
    approvalsHoldNoExecutor,
    '        beforeInput true\n',
    '',
  ),
  trespass('work without an agent', workHasAnAgent, onBuild, ''),
  trespass(
    'a release from any branch',
    onlyMainReachesTheWorld,
    "        beforeAgent true\n        branch 'main'\n",
    '        beforeAgent true\n',
  ),
  trespass(
    'an agent taken before the branch is looked at',
    onlyMainReachesTheWorld,
    '        beforeAgent true\n',
    '',
  ),
  trespass(
    'a secret on any branch',
    onlyMainReachesTheWorld,
    "PATIENCE = 'short'",
    "PATIENCE = credentials('token')",
  ),
  trespass('a verb of main on any branch', onlyMainReachesTheWorld, stack, release),
  trespass(
    'any branch on the agent that deploys, at its end',
    onlyMainReachesTheWorld,
    "if (env.BRANCH_NAME == 'main') {",
    'if (true) {',
  ),
  trespass(
    'a secret on a command line',
    secretsStaySecret,
    release,
    'sh "npm run deploy -- $TOKEN"',
  ),
  trespass('a secret in the log', secretsStaySecret, release, "echo 'with $TOKEN'"),
  trespass('a secure shell', secretsStaySecret, release, "sh 'ssh host npm run deploy'"),
  trespass('builds side by side', buildsTakeTurns, '    disableConcurrentBuilds()\n', ''),
  trespass(
    'a push that kills a release',
    buildsTakeTurns,
    'disableConcurrentBuilds()',
    'disableConcurrentBuilds(abortPrevious: true)',
  ),
  trespass('an older build that overtakes', buildsTakeTurns, '(ordinal: 2)', '(ordinal: 1)'),
  trespass('a workspace left behind', workspacesAreLeftEmpty, 'deleteDir()', "echo 'done'"),
  trespass(
    'tests whose results nobody sees',
    testsArePublished,
    `            ${stack}\n          }\n${published}            }\n          }\n`,
    `            ${stack}\n          }\n`,
  ),
]
