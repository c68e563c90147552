import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge'
import * as common from '@grafana/grafana-foundation-sdk/common'
import type { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import {
  PanelBuilder as Heatmap,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap'
import { PanelBuilder as Logs } from '@grafana/grafana-foundation-sdk/logs'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as Text, TextMode } from '@grafana/grafana-foundation-sdk/text'
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'
import { logs, lokiQueries, metrics, promQueries } from './house.ts'
import type { Panel, Query } from './house.ts'

export type Common = {
  title: string
  /** The question that it answers, and what to do with the answer. */
  why: string
  unit?: string
  width?: number
  height?: number
  /** What it says when there is nothing to say. */
  nothing?: string
}

type Graph = Common & {
  queries: Query[]
  stacked?: 'amounts' | 'shares'
  /** Lines to compare with: [value, colour]. */
  limits?: [number, string][]
  max?: number
  /** Series that are compared with rather than looked at: dashed. */
  dashed?: string
  link?: DashboardLinkBuilder
  fromLogs?: true
}

export const graph = (spec: Graph): Panel => {
  const { title, why, unit = 'short', width = 12, height = 8, queries, nothing = '0' } = spec
  const panel = new TimeSeries()
    .title(title)
    .description(why)
    .unit(unit)
    .min(0)
    .noValue(nothing)
    .datasource(spec.fromLogs ? logs : metrics)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(true)
    .fillOpacity(spec.stacked ? 60 : 8)
    .legend(legend)
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi))
  if (spec.max !== undefined) panel.max(spec.max)
  if (spec.stacked) panel.stacking(new common.StackingConfigBuilder().mode(stackings[spec.stacked]))
  if (spec.limits) panel.thresholds(thresholds(spec.limits)).thresholdsStyle(lines)
  if (spec.dashed) panel.overrideByRegexp(spec.dashed, dashes)
  if (spec.link) panel.dataLinks([spec.link])
  for (const query of spec.fromLogs ? lokiQueries(queries) : promQueries(queries))
    panel.withTarget(query)
  return { builder: panel, width, height }
}

const stackings = { amounts: common.StackingMode.Normal, shares: common.StackingMode.Percent }

const legend = new common.VizLegendOptionsBuilder()
  .showLegend(true)
  .displayMode(common.LegendDisplayMode.Table)
  .placement(common.LegendPlacement.Bottom)
  .calcs(['lastNotNull', 'max'])

const lines = new common.GraphThresholdsStyleConfigBuilder().mode(
  common.GraphThresholdsStyleMode.Dashed,
)

const dashes: DynamicConfigValue[] = [
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
  { id: 'custom.fillOpacity', value: 0 },
  { id: 'color', value: { mode: 'fixed', fixedColor: 'gray' } },
]

export const thresholds = (steps: [number, string][], base = 'green') =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))])

type Figure = Common & {
  queries: Query[]
  steps?: [number, string][]
  base?: string
  decimals?: number
}

export const figure = (spec: Figure): Panel => {
  const { title, why, unit = 'short', width = 4, height = 4, nothing = '0' } = spec
  const panel = new Stat()
    .title(title)
    .description(why)
    .unit(unit)
    .noValue(nothing)
    .datasource(metrics)
    .colorMode(common.BigValueColorMode.Background)
    .graphMode(common.BigValueGraphMode.Area)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholds(spec.steps ?? [], spec.base ?? 'blue'))
  if (spec.decimals !== undefined) panel.decimals(spec.decimals)
  for (const query of promQueries(spec.queries)) panel.withTarget(query)
  return { builder: panel, width, height }
}

export const bars = (spec: Figure & { max?: number }): Panel => {
  const { title, why, unit = 'percentunit', width = 12, height = 8, nothing = '0' } = spec
  const panel = new BarGauge()
    .title(title)
    .description(why)
    .unit(unit)
    .min(0)
    .noValue(nothing)
    .datasource(metrics)
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholds(spec.steps ?? [], spec.base ?? 'green'))
  if (spec.max !== undefined) panel.max(spec.max)
  for (const query of promQueries(spec.queries)) panel.withTarget(query)
  return { builder: panel, width, height }
}

export const logLines = (spec: Common & { query: string }): Panel => {
  const { title, why, width = 24, height = 10, nothing = 'No lines', query } = spec
  const panel = new Logs()
    .title(title)
    .description(why)
    .noValue(nothing)
    .datasource(logs)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(common.LogsSortOrder.Descending)
    .dedupStrategy(common.LogsDedupStrategy.None)
  for (const target of lokiQueries([{ expr: query }])) panel.withTarget(target)
  return { builder: panel, width, height }
}

export const heat = (spec: Common & { query: string }): Panel => {
  const { title, why, unit = 's', width = 12, height = 8, nothing = '0', query } = spec
  const panel = new Heatmap()
    .title(title)
    .description(why)
    .noValue(nothing)
    .datasource(metrics)
    .calculate(false)
    .yAxis(new YAxisConfigBuilder().unit(unit))
  for (const target of promQueries([{ expr: query, legend: '{{le}}', asHeatmap: true }]))
    panel.withTarget(target)
  return { builder: panel, width, height }
}

export const words = (spec: Omit<Common, 'unit' | 'nothing'> & { markdown: string }): Panel => {
  const { title, why, width = 12, height = 8, markdown } = spec
  const panel = new Text().title(title).description(why).mode(TextMode.Markdown).content(markdown)
  return { builder: panel, width, height }
}
