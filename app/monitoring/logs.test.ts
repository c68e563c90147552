import { parser as logql } from '@grafana/lezer-logql'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { support } from './dashboards/support.ts'
import { deployFields, labels, nginxFields, pinoFields } from './test/log-fields.ts'
import { asSent, asked, panelsOf } from './test/queries.ts'

const variables = { booking_reference: 'ABC234', request_id: 'f'.repeat(32), route: '.*' }
const queries = asked
  .filter(({ language }) => language === 'logql')
  .map(({ where, expr }) => ({ where, expr: asSent(expr, '1m', variables) }))

/** Names in the braces, or in what is compared after the pipes. */
const namesIn = (expr: string, place: 'Selector' | 'LabelFilter') => {
  const found: string[] = []
  logql.parse(expr).iterate({
    enter: ({ name, node, from, to }) => {
      let above = node.parent
      while (above && above.name !== place) above = above.parent
      if (name === 'Identifier' && above) found.push(expr.slice(from, to))
    },
  })
  return found
}

const sources = {
  'aeroflash-': pinoFields,
  nginx: nginxFields,
  deploys: deployFields,
}
const fieldsOf = (expr: string): readonly string[] =>
  Object.entries(sources).find(
    ([name]) => expr.includes(`service_name=~"${name}`) || expr.includes(`service_name="${name}`),
  )?.[1] ?? []

describe('every LogQL query', () => {
  test('parses', () => {
    expect(queries.length).toBeGreaterThan(8)
    for (const { where, expr } of queries) {
      let errors = 0
      logql.parse(expr).iterate({ enter: (node) => void (errors += Number(node.type.isError)) })
      expect(errors, `${where}: ${expr}`).toBe(0)
    }
  })

  test('selects by labels that exist, and by those alone', () => {
    for (const { where, expr } of queries)
      for (const name of namesIn(expr, 'Selector')) expect(labels, where).toContain(name)
  })

  test('filters by fields that are written', () => {
    const filtered = queries.flatMap(({ where, expr }) =>
      namesIn(expr, 'LabelFilter').map((name) => ({ where, name, known: fieldsOf(expr) })),
    )
    expect(filtered.length).toBeGreaterThan(5)
    for (const { where, name, known } of filtered) expect(known, where).toContain(name)
  })

  test('shows columns that are written', () => {
    for (const panel of asked.filter(({ language }) => language === 'logql')) {
      const shown = panel.expr.includes('| json') ? columnsOf(panel.where) : []
      for (const name of shown)
        expect([...fieldsOf(panel.expr), 'Time'], panel.where).toContain(name)
    }
  })
})

const columnsOf = (where: string) => {
  const title = where.split(' > ')[1]?.replace(/ \w$/, '')
  const panel = panelsOf(support.panels).find((each) => each.title === title)
  const organize = panel?.transformations?.find(({ id }) => id === 'organize')
  return Object.keys(
    (organize?.options as { renameByName?: object } | undefined)?.renameByName ?? {},
  )
}

test('from a booking reference to its lines to its slow statement is two clicks', () => {
  const [requests, statements] = panelsOf(support.panels).filter(({ type }) => type === 'table')
  // The first: a reference in the box shows its requests.
  expect(JSON.stringify(requests?.targets)).toContain('booking_reference=\\"$booking_reference\\"')
  // The second: a request leads to itself, here, and keeps the reference.
  const link = JSON.stringify(requests?.fieldConfig).match(/\/d\/aeroflash-support\?[^"]+/)?.[0]
  expect(link).toContain('var-request_id=${__value.raw}')
  expect(link).toContain('var-booking_reference=$booking_reference')
  expect(JSON.stringify(statements?.targets)).toContain('request_id=\\"$request_id\\"')
  expect(JSON.stringify(statements?.targets)).toContain('slow query')
})

test('from a slow dot on a graph, and from any line, it is one click to the request', async () => {
  const file = join(import.meta.dirname, 'grafana/provisioning/datasources/datasources.yml')
  const { datasources } = parse(await readFile(file, 'utf8')) as {
    datasources: { uid: string; jsonData: Record<string, { name?: string; url: string }[]> }[]
  }
  const [prometheus, loki] = datasources
  expect([prometheus?.uid, loki?.uid]).toEqual(['prom', 'loki'])
  const [exemplar] = prometheus?.jsonData.exemplarTraceIdDestinations ?? []
  const [line] = loki?.jsonData.derivedFields ?? []
  for (const link of [exemplar, line])
    expect(link?.url).toBe('/d/aeroflash-support?var-request_id=$${__value.raw}')
})
