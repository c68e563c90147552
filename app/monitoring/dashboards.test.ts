import { parser as promql } from '@prometheus-io/lezer-promql'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { dashboards } from './dashboards/dashboards.ts'
import { generated } from './generated.ts'
import { alerts } from './rules/rule-files.ts'
import { requireTool, titled } from '../backend/test/debian-package.ts'
import { runTool } from './test/promtool.ts'
import { asSent, asked, panelsOf } from './test/queries.ts'

const here = import.meta.dirname
const promqueries = asked.filter(({ language }) => language === 'promql')
const promtool = await requireTool('promtool')
const text = JSON.stringify({ dashboards, alerts })

test('what is in git is what the code writes (npm run dashboards)', async () => {
  const kept = await Promise.all(
    ['prometheus/rules', 'grafana/dashboards'].map(async (folder) =>
      (await readdir(join(here, folder))).map((file) => `${folder}/${file}`),
    ),
  )
  expect(kept.flat().toSorted()).toEqual([...generated().keys()].toSorted())
  for (const [path, wanted] of generated())
    expect(parse(await readFile(join(here, path), 'utf8')), path).toEqual(parse(wanted))
})

test('every PromQL query parses', () => {
  expect(promqueries.length).toBeGreaterThan(100)
  for (const { where, expr } of promqueries) {
    let errors = 0
    promql
      .parse(asSent(expr))
      .iterate({ enter: (node) => void (errors += Number(node.type.isError)) })
    expect(errors, `${where}: ${expr}`).toBe(0)
  }
})

describe.skipIf(!promtool)(titled('by promtool', 'promtool', promtool), () => {
  test('every PromQL query has the types that Prometheus wants', async () => {
    const rules = promqueries.map(({ expr }, i) => ({ record: `asked:${i}`, expr: asSent(expr) }))
    const folder = await mkdtemp(join(tmpdir(), 'aeroflash-queries-'))
    try {
      const file = join(folder, 'queries.yml')
      await writeFile(file, JSON.stringify({ groups: [{ name: 'asked', rules }] }))
      const { ok, said } = await runTool(promtool!, ['check', 'rules', '--lint=none', file])
      expect(ok, said).toBe(true)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe.each(dashboards)('$title', ({ title, description, panels, templating, annotations }) => {
  const shown = panelsOf(panels)

  test('every panel has a title, a reason, a place and something to say when all is well', () => {
    for (const panel of shown) {
      expect(panel.title, `${title}: a panel has no title`).toBeTruthy()
      expect(panel.description?.length, `${panel.title} says not what it answers`).toBeGreaterThan(
        15,
      )
      expect(panel.gridPos, `${panel.title} has no place`).toBeDefined()
      if (panel.type !== 'text')
        expect(
          panel.fieldConfig?.defaults?.noValue,
          `${panel.title} would say "No data"`,
        ).toBeTruthy()
    }
    expect(description).toMatch(/\?$/)
  })

  test('ids are unique, targets have their refId, and data sources are variables', () => {
    const ids = (panels ?? []).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const panel of shown)
      for (const target of panel.targets ?? [])
        expect(target, panel.title).toMatchObject({
          refId: expect.stringMatching(/^[A-Z]$/),
          datasource: { uid: expect.stringMatching(/^\$\{(datasource|loki)\}$/) },
        })
  })

  test('every variable that is used is there', () => {
    const declared = new Set((templating?.list ?? []).map(({ name }) => name))
    const sent = JSON.stringify({ shown, annotations, templating })
    const used = [...sent.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!)
    const ownOfGrafana = /^(__.+|1|2)$/
    expect(used.filter((name) => !ownOfGrafana.test(name) && !declared.has(name))).toEqual([])
  })

  test('releases are marked on it, and it can be filtered by version', () => {
    expect(annotations?.list?.map(({ name }) => name)).toEqual(['Versions', 'Releases', 'Faults'])
    expect(templating?.list?.map(({ name }) => name)).toContain('version')
  })

  test('panels do not lie upon each other', () => {
    const cells = (panels ?? []).flatMap(({ gridPos }) => {
      const { x = 0, y = 0, w = 0, h = 0 } = gridPos ?? {}
      expect(x + w).toBeLessThanOrEqual(24)
      return Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`)
    })
    expect(new Set(cells).size).toBe(cells.length)
  })
})

test('every link leads to a dashboard that is there, with variables that it has', () => {
  const links = [...text.matchAll(/\/d\/(aeroflash-\w+)\??([^"\\]*)/g)]
  expect(links.length).toBeGreaterThan(alerts.length)
  for (const [, uid, query = ''] of links) {
    const target = dashboards.find((each) => each.uid === uid)
    expect(target, uid).toBeDefined()
    const known = target?.templating?.list?.map(({ name }) => name) ?? []
    for (const [, name] of query.matchAll(/var-(\w+)=/g)) expect(known).toContain(name)
  }
})

test('no query names a bucket by a whole number, which Prometheus 3 writes otherwise', () => {
  expect(asked.filter(({ expr }) => /le="\d+"/.test(expr))).toEqual([])
})
