import { parseArgs } from 'node:util'
import { readSecrets } from './secrets.ts'
import { readSettings } from './settings.ts'
import { faultNames } from '../faults/catalogue.ts'

const USAGE = `Usage: npm run faults -- list
       npm run faults -- on <name> [--minutes 15]
       npm run faults -- off <name>|all

  --url http://localhost:8080    where the API answers; FAULTS_ENABLED=true must be set there
  FAULTS_TOKEN=…                 an operator's bearer token; without one, FAULTS_EMAIL and FAULTS_PASSWORD
                                 sign in, or else the operator of npm start

Faults: ${faultNames.join(', ')}`

type Fault = { name: string; does: string; shows: string; on_until: string | null }
type Environment = Record<string, string | undefined>

const options = {
  url: { type: 'string' },
  minutes: { type: 'string', default: '15' },
} as const

const main = async (words: string[], environment: Environment) => {
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true })
  const [verb = 'list', name] = positionals
  const url = values.url ?? `http://localhost:${readSettings([], environment).PORT}`
  const isUsed = verb === 'list' ? !name : (verb === 'on' || verb === 'off') && name
  if (!isUsed) throw new Error(USAGE)

  const token = environment.FAULTS_TOKEN || (await signIn(url, environment))
  const path = `${url}/api/operations/faults`
  const switchTo = (which: string) =>
    ask(`${path}/${which}`, token, { state: verb, minutes: Number(values.minutes) })
  if (verb === 'list') return tell((await ask(path, token)).faults)
  if (verb === 'off' && name === 'all') {
    for (const each of faultNames) await switchTo(each)
    return console.log('All faults are off.')
  }
  const { faults } = await switchTo(name!)
  const fault = faults.find((each) => each.name === name)!
  console.log(
    fault.on_until
      ? `${name} is on until ${fault.on_until}.\n${fault.does}\nYou will see: ${fault.shows}`
      : `${name} is off.`,
  )
}

const tell = (faults: Fault[]) => {
  for (const { name, does, shows, on_until } of faults)
    console.log(`${name}  ${on_until ? `ON until ${on_until}` : 'off'}\n  ${does}\n  ${shows}`)
}

const ask = async (url: string, token: string, body?: object) => {
  const response = await send(url, {
    method: body ? 'PUT' : 'GET',
    headers: { Authorization: `Bearer ${token}`, ...(body && json) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const said = (await response.json()) as { faults: Fault[]; detail?: string }
  if (!response.ok) throw new Error(`${response.status}: ${said.detail}`)
  return said
}

const json = { 'Content-Type': 'application/json' }

const send = (url: string, request: RequestInit) =>
  fetch(url, request).catch(() => {
    throw new Error(`No API answers at ${new URL(url).origin}. Say where it is: --url http://…`)
  })

const signIn = async (url: string, environment: Environment) => {
  const { FAULTS_EMAIL, FAULTS_PASSWORD } = environment
  const email = FAULTS_EMAIL || 'operator@aeroflash.example'
  const password = FAULTS_PASSWORD || (await localPassword(environment))
  const response = await send(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ email, password }),
  })
  const { token } = (await response.json()) as { token?: string }
  if (!token) throw new Error(`${email} cannot sign in there (${response.status}).`)
  return token
}

const localPassword = async (environment: Environment) =>
  (await readSecrets(readSettings([], environment).AEROFLASH_DATA)).passwords.operator

await main(process.argv.slice(2), process.env).catch(({ message }: Error) => {
  console.error(message)
  process.exitCode = 2
})
