import { randomBytes } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { say, verb } from './asked.ts'
import type { Asked } from './asked.ts'
import { repository } from './repository.ts'

const ours = [
  'JENKINS_ADMIN_PASSWORD',
  'JENKINS_RELEASE_MANAGER_PASSWORD',
  'JENKINS_AGENT_BUILD_PASSWORD',
  'JENKINS_AGENT_DEPLOY_PASSWORD',
]

const fromOthers = [
  'GITHUB_TOKEN',
  'AWS_PUBLISH_CONFIG',
  'AWS_PLAN_CONFIG',
  'AWS_RELEASE_CONFIG',
  'GRAFANA_TOKEN',
  'NOTIFY_WEBHOOK_URL',
]

/** Makes the files that compose.jenkins.yml gives to Jenkins. What is there already stays as it is. */
const makeSecrets = async ({ dry, settings }: Asked) => {
  const folder = settings.JENKINS_SECRETS || join(repository, 'app/jenkins/secrets')
  if (dry) return say(`would write ${[...ours, ...fromOthers].join(', ')} to ${folder}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  for (const name of ours) await makeOnce(folder, name, randomBytes(24).toString('base64url'))
  for (const name of fromOthers) await makeOnce(folder, name, '')
  say(
    `Jenkins' passwords are in ${folder}. Fill in, where you have them: ${fromOthers.join(', ')}.`,
  )
}

// The folder keeps others of this machine out; the file is read by a container's user, who is nobody here.
const makeOnce = (folder: string, name: string, value: string) =>
  writeFile(join(folder, name), value, { flag: 'wx', mode: 0o644 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )

await verb(makeSecrets)
