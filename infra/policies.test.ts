import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EbsVolume } from '@cdktf/provider-aws/lib/ebs-volume/index.js'
import { App } from 'cdktf'
import { expect, test } from 'vitest'
import { except } from './constructs/site.ts'
import { rules } from './policies/all-rules.ts'
import type { Config, Resources, Rule } from './policies/rule.ts'
import { findingsIn, violationsIn } from './policies/violations.ts'
import { environments, findEnvironment } from './settings.ts'
import { openStack } from './stacks/open-stack.ts'
import { inOrder, readManifest, readStack } from './synthesised.ts'

const among = (type: string, it: Config, others: Resources = {}): Resources => ({
  ...others,
  [type]: { ...others[type], it },
})

const breaks = (rule: Rule, resource: Resources) =>
  findingsIn({ resource }).some(
    (found) => found.rule.id === rule.id && found.address.endsWith('.it'),
  )

for (const rule of rules)
  test(`${rule.id} lets through what keeps it and finds what breaks it: ${rule.says}`, () => {
    for (const type of rule.on) {
      expect(breaks(rule, among(type, rule.good, rule.others?.good)), type).toBe(false)
      expect(breaks(rule, among(type, rule.bad, rule.others?.bad)), type).toBe(true)
    }
  })

test('each rule has a name of its own', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
})

/** Asked for by the design, type by type. */
const DEMANDED = `
  CKV_AWS_79 CKV_AWS_341 CKV_AWS_8 CKV_AWS_3 CKV_AWS_189 CKV_AWS_126 CKV_AWS_135 CKV_AWS_88 CKV2_AWS_41 CKV_AWS_46
  CKV_AWS_106 CKV_AWS_23 CKV_AWS_24 CKV_AWS_25 CKV_AWS_260 CKV_AWS_382 CKV2_AWS_12 CKV2_AWS_5 CKV2_AWS_11
  CKV_AWS_130 CKV_AWS_158 CKV_AWS_338 CKV_AWS_16 CKV_AWS_17 CKV_AWS_157 CKV_AWS_161 CKV_AWS_118 CKV_AWS_129
  CKV_AWS_133 CKV_AWS_226 CKV_AWS_293 CKV_AWS_353 CKV_AWS_354 CKV_AWS_211 CKV2_AWS_60 CKV2_AWS_69 CKV2_AWS_30
  RDS.2 RDS.3 RDS.5 RDS.6 RDS.8 RDS.9 RDS.10 RDS.11 RDS.13 RDS.17 RDS.23 RDS.25 RDS.26 CKV_AWS_91 CKV_AWS_131
  CKV_AWS_150 CKV_AWS_328 CKV_AWS_103 CKV2_AWS_74 CKV2_AWS_20 CKV2_AWS_28 CKV2_AWS_76 CKV_AWS_378 CKV_AWS_2
  CKV2_AWS_15 CKV_AWS_153 CKV_AWS_315 CKV_AWS_62 CKV_AWS_63 CKV_AWS_286 CKV_AWS_287 CKV_AWS_288 CKV_AWS_289
  CKV_AWS_290 CKV_AWS_355 CKV_AWS_7 CKV2_AWS_64 CKV_AWS_33 CKV_AWS_149 CKV2_AWS_57 CKV_AWS_304 CKV_AWS_51
  CKV_AWS_163 CKV_AWS_136 CKV_AWS_26 CKV_AWS_18 CKV_AWS_21 CKV_AWS_145 CKV2_AWS_6 CKV2_AWS_61 CKV2_AWS_38
  CKV2_AWS_39`

test('every rule that the design names is one of ours', () => {
  const known = new Set(rules.flatMap(({ checkov, fsbp }) => [...checkov, ...fsbp]))
  expect(
    DEMANDED.trim()
      .split(/\s+/)
      .filter((one) => !known.has(one)),
  ).toEqual([])
})

test('a stack that breaks a rule is not written, and the rule is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'infra-policies-'))
  const app = new App({ outdir: folder })
  const { stack } = openStack(app, findEnvironment('dev'), 'broken', 'eu-west-1')
  new EbsVolume(stack, 'volume', { availabilityZone: 'eu-west-1a', size: 1 })
  expect(() => app.synth()).toThrow(/aws_ebs_volume\.volume breaks AF-EC2-11 CKV_AWS_3/)
  rmSync(folder, { recursive: true })
})

test('an exception that excuses nothing is a violation itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'infra-policies-'))
  const app = new App({ outdir: folder })
  const { stack } = openStack(app, findEnvironment('dev'), 'excused', 'eu-west-1')
  const it = { availabilityZone: 'eu-west-1a', size: 1, encrypted: true, kmsKeyId: 'ours' }
  const volume = new EbsVolume(stack, 'volume', it)
  except(volume, 'AF-EC2-11', 'It was not encrypted, once.')
  except(volume, 'AF-BAK-02', 'Nothing is on it.')
  expect(() => app.synth()).toThrow(/aws_ebs_volume\.volume needs no exception from AF-EC2-11/)
  rmSync(folder, { recursive: true })
})

test.each(environments.map(({ name }) => name))(
  'what is committed of %s breaks no rule',
  (name) => {
    for (const stack of inOrder(readManifest(name)))
      expect(violationsIn(readStack(name, stack)), stack).toEqual([])
  },
)

test('every exception has a reason that a reader can judge', () => {
  for (const { name } of environments)
    for (const stack of inOrder(readManifest(name)))
      for (const { reason } of findingsIn(readStack(name, stack)))
        expect(reason?.length, `${name} ${stack}`).toBeGreaterThan(20)
})
