import { z } from 'zod'
import { say, verb } from './asked.ts'
import type { Asked } from './asked.ts'
import { isThere, listen, show } from './program.ts'
import { readImages, writeReport } from './reports.ts'
import { repository } from './repository.ts'

type Verdict = { scanner: string; verdict: 'clean' | 'found' | 'not run'; why?: string }

const counts = z.object({ high: z.number(), critical: z.number() })
const auditAnswer = z.object({ metadata: z.object({ vulnerabilities: counts }) })

const plans = [
  'npm audit --omit=dev --json: packages that run in production, high and critical',
  'trivy image, for each of reports/images.json: critical and fixed elsewhere',
  'gitleaks: secrets in the history of the repository',
]

/**
 * Three scanners. Found something: exit 1. Not there: said loudly, and exit 1 only with
 * SCANNERS_REQUIRED=true, as on the build agent, whose image has them.
 */
const scan = async (asked: Asked) => {
  if (asked.dry) return plans.forEach((plan) => say(`would run: ${plan}`))
  const verdicts = [await auditPackages(), await scanImages(), await findSecrets()]
  await writeReport('scan.json', verdicts)
  for (const { scanner, verdict, why } of verdicts)
    say(`${verdict.toUpperCase()}: ${scanner}${why ? ` (${why})` : ''}`)
  const isRequired = asked.settings.SCANNERS_REQUIRED === 'true'
  const bad = verdicts.filter(({ scanner, verdict }) =>
    verdict === 'not run' ? isRequired && scanner !== 'npm audit' : verdict === 'found',
  )
  if (bad.length > 0) throw new Error(`Not clean: ${bad.map((one) => one.scanner).join(', ')}`)
}

// A registry that is away, or has no audits, says nothing about our packages.
const auditPackages = async (): Promise<Verdict> => {
  const scanner = 'npm audit'
  const { out, errors } = await listen('npm', ['audit', '--omit=dev', '--json'])
  const answer = auditAnswer.safeParse(parsed(out))
  if (!answer.success)
    return { scanner, verdict: 'not run', why: `no answer from the registry ${firstLine(errors)}` }
  const { high, critical } = answer.data.metadata.vulnerabilities
  return high + critical > 0
    ? { scanner, verdict: 'found', why: `${critical} critical, ${high} high` }
    : { scanner, verdict: 'clean' }
}

const trivy = ['image', '--exit-code', '1', '--severity', 'CRITICAL', '--ignore-unfixed']

const scanImages = async (): Promise<Verdict> => {
  const scanner = 'trivy'
  if (!(await isThere('trivy'))) return { scanner, verdict: 'not run', why: 'not on the PATH' }
  const found: string[] = []
  for (const { tag } of await readImages()) {
    const code = await show('trivy', [...trivy, '--no-progress', tag])
    if (code !== 0) found.push(tag)
  }
  return found.length > 0
    ? { scanner, verdict: 'found', why: found.join(', ') }
    : { scanner, verdict: 'clean' }
}

const gitleaks = ['detect', '--no-banner', '--redact', '--config']

const findSecrets = async (): Promise<Verdict> => {
  const scanner = 'gitleaks'
  if (!(await isThere('gitleaks'))) return { scanner, verdict: 'not run', why: 'not on the PATH' }
  const config = `${repository}app/jenkins/gitleaks.toml`
  const code = await show('gitleaks', [...gitleaks, config, '--source', repository])
  return code === 0 ? { scanner, verdict: 'clean' } : { scanner, verdict: 'found' }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const firstLine = (text: string) => text.trim().split('\n')[0]?.slice(0, 200) ?? ''

await verb(scan)
