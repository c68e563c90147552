import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { say, secret, verb } from './asked.ts'
import type { Asked } from './asked.ts'
import { repository } from './repository.ts'

/** Asks a running Jenkins, whose word on a declarative pipeline is the last, about the Jenkinsfile. */
const lintPipeline = async (asked: Asked) => {
  const jenkins = asked.settings.JENKINS_URL || 'http://localhost:8090'
  const user = asked.settings.JENKINS_USER || 'admin'
  const address = new URL('/pipeline-model-converter/validate', jenkins)
  if (asked.dry) return say(`would post the Jenkinsfile to ${address.href}`)

  const password = secret(asked, 'JENKINS_ADMIN_PASSWORD')
  if (!password) throw new Error('Set JENKINS_ADMIN_PASSWORD, or JENKINS_ADMIN_PASSWORD_FILE.')
  const login = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const { headers } = await crumbOf(jenkins, login)
  const form = new URLSearchParams({
    jenkinsfile: await readFile(join(repository, 'Jenkinsfile'), 'utf8'),
  })
  const answer = await fetch(address, { method: 'POST', headers, body: form })
  const text = (await answer.text()).trim()
  if (!answer.ok) throw new Error(`${address.host} answered ${answer.status}`)
  say(text)
  if (!text.includes('successfully validated')) throw new Error('Jenkins refuses the Jenkinsfile.')
}

// A crumb is good only within the session that it was given to.
const crumbOf = async (jenkins: string, login: string) => {
  const answer = await fetch(new URL('/crumbIssuer/api/json', jenkins), {
    headers: { authorization: login },
  })
  if (!answer.ok) throw new Error(`${new URL(jenkins).host} answered ${answer.status} to our login`)
  const { crumb, crumbRequestField } = (await answer.json()) as Record<string, string>
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return { headers: { authorization: login, cookie, [crumbRequestField ?? '']: crumb ?? '' } }
}

await verb(lintPipeline)
