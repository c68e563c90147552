import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPipelines, whyNoGroovy } from './model/groovy.ts'
import { pluginOf, stepsOf } from './model/plugins.ts'
import * as rules from './model/rules.ts'
import * as shape from './model/shape.ts'
import type { Rule } from './model/shape.ts'
import { labelOf, section, stagesOf } from './model/stages.ts'
import { trespasses } from './model/trespasses.ts'
import { readCasc, readPlugins, readText } from './test-support.ts'
import { repository } from './verbs/repository.ts'

const casc = await readCasc()
const real = await readFile(join(repository, 'Jenkinsfile'), 'utf8')
const small = await readText('model/Sound.Jenkinsfile')

const change = (from: string, to: string) => {
  if (!small.includes(from)) throw new Error(`Sound.Jenkinsfile has no ${from}`)
  return small.replace(from, () => to)
}

const why = await whyNoGroovy()
if (why) process.stderr.write(`not run: what Groovy reads in the Jenkinsfile: ${why}\n`)
const texts = [real, small, ...trespasses.map(({ from, to }) => change(from, to))]
const [pipeline = [], sound = [], ...broken] = why ? [] : await readPipelines(...texts)

const { credentialsOf, ...ours } = rules
const everyRule = Object.entries<Rule>({ ...shape, ...ours })
const titled = (title: string) => (why ? `${title} (NOT RUN: ${why})` : title)

describe.skipIf(why)(titled('the Jenkinsfile as Groovy reads it'), () => {
  test('all of it is looked at', () => {
    const stages = stagesOf(pipeline)
    expect(everyRule).toHaveLength(13)
    expect(stages.length).toBeGreaterThan(30)
    expect(stages.filter((stage) => labelOf(stage) === 'deploy').length).toBeGreaterThan(15)
  })

  test.each(everyRule)('%s', (_, rule) => {
    expect(rule(pipeline)).toEqual([])
  })

  test('it asks only for credentials that the controller has, and for all of them', () => {
    const asked = new Set(credentialsOf(pipeline))
    const forScanning = ['github']
    expect(new Set([...asked, ...forScanning])).toEqual(new Set(casc.credentialIds))
  })

  test('it asks only for agents that the controller has', () => {
    const labels = stagesOf(pipeline).flatMap((stage) => labelOf(stage) ?? [])
    expect([...new Set(labels)].toSorted()).toEqual(casc.labels.toSorted())
  })

  test('it asks for the approval of somebody who can sign in', () => {
    const submitters = stagesOf(pipeline)
      .flatMap((stage) => section(stage, 'input')?.body ?? [])
      .filter(({ name }) => name === 'submitter')
      .map(({ args }) => args?.[0])
    expect(submitters).toEqual(['release-manager', 'release-manager'])
    expect(casc.users).toContain('release-manager')
  })

  test("every step's plugin is pinned", async () => {
    const plugins = new Set(['jenkins', ...(await readPlugins()).map(({ name }) => name)])
    const steps = stepsOf(pipeline)
    expect(steps.filter((step) => !plugins.has(pluginOf[step] ?? ''))).toEqual([])
    expect(steps).toEqual(expect.arrayContaining(['sh', 'junit', 'recordCoverage', 'milestone']))
  })
})

describe.skipIf(why)(titled('a trespasser is caught'), () => {
  test.each(everyRule)('and a sound pipeline is not, by %s', (_, rule) => {
    expect(rule(sound)).toEqual([])
  })

  test.each(trespasses.map((it, i) => ({ ...it, i })))('$title', ({ rule, i }) => {
    expect(rule(broken[i]!)).not.toEqual([])
  })

  test('each rule has one', () => {
    const tried = new Set(trespasses.map(({ rule }) => rule))
    expect(everyRule.filter(([, rule]) => !tried.has(rule)).map(([name]) => name)).toEqual([])
  })
})
