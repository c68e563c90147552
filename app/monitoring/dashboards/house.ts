import * as sdk from '@grafana/grafana-foundation-sdk/dashboard'
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki'
import { DataqueryBuilder as PromQuery } from '@grafana/grafana-foundation-sdk/prometheus'

/*
 * The house's way to a dashboard over Grafana's builders, which leave out what we always want: ids and
 * refIds that stay, a layout that flows, a description on each panel, legends, deploy markers, links.
 */

export const metrics = { type: 'prometheus', uid: '${datasource}' }
export const logs = { type: 'loki', uid: '${loki}' }

export type Query = {
  expr: string
  legend?: string
  /** One answer for now, as columns; else a line over time. */
  asTable?: true
  asHeatmap?: true
  exemplar?: true
}

/** What builders of panels have in common, as far as the house needs it. */
type PanelBuilder = {
  build(): sdk.Panel
  id(id: number): unknown
  gridPos(at: sdk.GridPos): unknown
}

export type Panel = { builder: PanelBuilder; width: number; height: number }
export type Row = { title: string; panels: Panel[] }

type Dashboard = {
  /** Its address: /d/aeroflash-<name>. */
  name: string
  title: string
  /** What it answers. */
  question: string
  rows: Row[]
  variables?: sdk.QueryVariableBuilder[] | sdk.TextBoxVariableBuilder[]
  from?: string
}

export const dashboard = ({ name, title, question, rows, ...more }: Dashboard): sdk.Dashboard => {
  const { variables = [], from = 'now-1h' } = more
  const builder = new sdk.DashboardBuilder(`AeroFlash / ${title}`)
    .uid(`aeroflash-${name}`)
    .description(question)
    .tags(['aeroflash'])
    .readonly()
    .refresh('30s')
    .time({ from, to: 'now' })
    .timezone('browser')
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .link(others)
    .withVariable(source('datasource', 'prometheus', 'Prometheus', 'prom'))
    .withVariable(source('loki', 'loki', 'Loki', 'loki'))
    .withVariable(version)
    .annotation(deploys)
    .annotation(deployLog)
    .annotation(faults)
  for (const variable of variables) builder.withVariable(variable)
  layOut(builder, rows)
  return builder.build()
}

const WIDTH = 24

/** From left to right and top to bottom; a row begins anew. */
const layOut = (builder: sdk.DashboardBuilder, rows: Row[]) => {
  let id = 1
  let y = 0
  for (const { title, panels } of rows) {
    builder.withRow(new sdk.RowBuilder(title).id(id++).gridPos({ x: 0, y, w: WIDTH, h: 1 }))
    let x = 0
    let line = ++y
    for (const { builder: panel, width, height } of panels) {
      if (x + width > WIDTH) [x, line] = [0, y]
      panel.id(id++)
      panel.gridPos({ x, y: line, w: width, h: height })
      builder.withPanel(panel)
      x += width
      y = Math.max(y, line + height)
    }
  }
}

const others = new sdk.DashboardLinkBuilder('Dashboards')
  .type(sdk.DashboardLinkType.Dashboards)
  .tags(['aeroflash'])
  .asDropdown(true)
  .includeVars(true)
  .keepTime(true)

const source = (name: string, type: string, label: string, uid: string) =>
  new sdk.DatasourceVariableBuilder(name)
    .type(type)
    .label(label)
    .hide(sdk.VariableHide.HideVariable)
    .current({ selected: true, text: label, value: uid })

const everything = { selected: true, text: 'All', value: '$__all' }

export const choice = (name: string, label: string, query: string) =>
  new sdk.QueryVariableBuilder(name)
    .label(label)
    .datasource(metrics)
    .query(query)
    .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current(everything)

const version = choice('version', 'Version', 'label_values(app_build_info, version)')

// Each point that comes back is a marker, so a version that has been there for two minutes gives none.
const deploys = new sdk.AnnotationQueryBuilder()
  .name('Versions')
  .datasource(metrics)
  .enable(true)
  .iconColor('blue')
  .expr(
    'count by (version) (app_build_info{job="api"}) unless count by (version) (app_build_info{job="api"} offset 2m)',
  )
  .step('60s')
  .titleFormat('Version {{version}} is live')

const deployLog = new sdk.AnnotationQueryBuilder()
  .name('Releases')
  .datasource(logs)
  .enable(true)
  .iconColor('purple')
  .expr('{service_name="deploys"} | json')
  .titleFormat('{{event}} {{result}} {{version}}')
  .textFormat('{{by}} {{commit}}')

const faults = new sdk.AnnotationQueryBuilder()
  .name('Faults')
  .datasource(metrics)
  .enable(true)
  .iconColor('orange')
  .expr(
    'max by (fault) (aeroflash_operations_fault_active) > 0 unless max by (fault) (aeroflash_operations_fault_active offset 1m) > 0',
  )
  .step('15s')
  .titleFormat('Fault switched on: {{fault}}')

const refIds = 'ABCDEFGHIJKLMNOP'

export const promQueries = (queries: Query[]) =>
  queries.map(({ expr, legend = '', asTable, asHeatmap, exemplar }, i) => {
    const query = new PromQuery().datasource(metrics).expr(expr).legendFormat(legend)
    query.refId(refIds[i] ?? 'Z')
    if (asTable) return query.instant().format(PromQueryFormat.Table)
    if (asHeatmap) query.format(PromQueryFormat.Heatmap)
    if (exemplar) query.exemplar(true)
    return query.range()
  })

export const lokiQueries = (queries: Query[]) =>
  queries.map(({ expr, legend = '' }, i) =>
    new LokiQuery()
      .datasource(logs)
      .expr(expr)
      .legendFormat(legend)
      .refId(refIds[i] ?? 'Z')
      .queryType('range'),
  )

/** A link that keeps the time and the variables that it names. */
export const linkTo = (title: string, name: string, variables = '') =>
  new sdk.DashboardLinkBuilder(title).url(
    `/d/aeroflash-${name}?\${__url_time_range}${variables && `&${variables}`}`,
  )
