import { join } from 'node:path'
import { linter, whyNoGroovy } from '../model/groovy.ts'
import { say, verb } from './asked.ts'
import type { Asked } from './asked.ts'
import { mustShow } from './program.ts'
import { repository } from './repository.ts'

/** npm-groovy-lint over the Jenkinsfile; any finding fails. What the pipeline means is tested, not linted. */
const checkPipeline = async ({ dry }: Asked) => {
  const config = join(repository, 'app/jenkins/model/groovylintrc.json')
  const jenkinsfile = join(repository, 'Jenkinsfile')
  // Named, because a pattern would make it walk through node_modules.
  const args = [linter, '--noserver', '--failon', 'info', '--config', config, jenkinsfile]
  if (dry) return say(`would run: node ${args.join(' ')}`)
  const why = await whyNoGroovy()
  if (why) return say(`NOT RUN: npm-groovy-lint (${why})`)
  await mustShow(process.execPath, args)
}

await verb(checkPipeline)
