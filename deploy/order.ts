import { readFileSync } from 'node:fs'
import { parseArgs, parseEnv } from 'node:util'
import { environmentsOf, settingsFileOf } from './environments.ts'
import type { ComposeEnvironment, Environment, Manners } from './environments.ts'
import type { Wanted } from './release/image.ts'

export type Order = {
  environment: Environment
  wanted: Wanted
  /** Nothing but the schema: a stage of its own in the pipeline. */
  migrateOnly: boolean
  /** Going back is only meant where this commit serves. */
  leave: string | undefined
  dry: boolean
}

type Settings = Record<string, string | undefined>

const manners = {
  slice: 'slicePercent',
  compare: 'compareSeconds',
  ready: 'readySeconds',
  drain: 'drainSeconds',
  warm: 'warmSeconds',
} as const satisfies Record<string, keyof Manners>

const options = {
  build: { type: 'boolean' },
  version: { type: 'string' },
  image: { type: 'string' },
  digest: { type: 'string' },
  site: { type: 'string' },
  only: { type: 'string' },
  leave: { type: 'string' },
  dry: { type: 'boolean', default: false },
  slice: { type: 'string' },
  compare: { type: 'string' },
  ready: { type: 'string' },
  drain: { type: 'string' },
  warm: { type: 'string' },
} as const

export const usage = `npm run deploy -- <environment> [--build | --version … | --image … | --digest sha256:…] [--site <image>] [--only migrate] [--dry]
npm run rollback -- <environment> [--leave <commit>] [--dry]
  --slice <percent> --compare --ready --drain --warm <seconds>   differ from environments.ts this once`

/** What was asked for on the command line; throws a sentence for what cannot be meant. */
export const readOrder = (words: string[], settings: Settings): Order => {
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true })
  const [name, ...more] = positionals
  const known = environmentsOf({ ...keptIn(settingsFileOf(settings)), ...settings })
  const found = known.find((environment) => environment.name === name)
  if (!found || more.length > 0)
    throw new Error(`Which environment: ${known.map(({ name }) => name).join(', ')}?\n${usage}`)
  if (values.only !== undefined && values.only !== 'migrate')
    throw new Error('--only knows migrate alone.')
  const asked = Object.entries(manners).flatMap(([option, manner]) => {
    const value = values[option as keyof typeof manners]
    return value === undefined ? [] : [[manner, secondsIn(option, value)]]
  })
  const environment = { ...found, ...Object.fromEntries(asked) } as Environment
  const migrateOnly = values.only === 'migrate'
  const { leave, dry } = values
  return { environment, wanted: wantedIn(values), migrateOnly, leave, dry }
}

/** What npm run env and earlier releases wrote down, such as ports. */
const keptIn = (file: string): Settings => {
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}

const wantedIn = (values: {
  build?: boolean | undefined
  version?: string | undefined
  image?: string | undefined
  digest?: string | undefined
  site?: string | undefined
}): Wanted => {
  const { build, version, image, digest } = values
  const site = values.site ? { site: values.site } : {}
  if ([image, digest, build || version].filter(Boolean).length > 1)
    throw new Error(`One of --build, --version, --image and --digest.\n${usage}`)
  if (image) return { from: 'image', image, ...site }
  if (digest) {
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error('A digest is sha256: and 64 digits.')
    return { from: 'digest', digest, ...site }
  }
  if (version && !/^\w[\w.-]{0,100}$/.test(version)) throw new Error('A version is a word.')
  if (version && !build) return { from: 'version', version, ...site }
  return { from: 'build', version }
}

const secondsIn = (option: string, value: string) => {
  const number = Number(value)
  const isFit = Number.isInteger(number) && number >= 0 && (option !== 'slice' || number < 100)
  if (value !== '' && isFit) return number
  throw new Error(`--${option} ${value} makes no sense.`)
}

export const isCompose = (environment: Environment): environment is ComposeEnvironment =>
  environment.kind === 'compose'
