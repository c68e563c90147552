import * as common from '@grafana/grafana-foundation-sdk/common'
import type {
  DashboardLinkBuilder,
  DataTransformerConfig,
  DynamicConfigValue,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import { logs, lokiQueries, metrics, promQueries } from './house.ts'
import type { Panel, Query } from './house.ts'
import { thresholds } from './panels.ts'
import type { Common } from './panels.ts'

export type Column = { field: string; as: string; unit?: string; properties?: DynamicConfigValue[] }

type Listing = Common & {
  queries: Query[]
  /** In the order in which they are shown; other fields are left out. */
  columns: Column[]
  sortedBy?: string
  fromLogs?: true
  before?: DataTransformerConfig[]
}

export const listing = (spec: Listing): Panel => {
  const { title, why, width = 12, height = 8, nothing = 'None', columns } = spec
  const panel = new Table()
    .title(title)
    .description(why)
    .noValue(nothing)
    .datasource(spec.fromLogs ? logs : metrics)
    .thresholds(thresholds([]))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .cellHeight(common.TableCellHeight.Sm)
  if (spec.sortedBy)
    panel.sortBy([new common.TableSortByFieldStateBuilder().displayName(spec.sortedBy).desc(true)])
  for (const step of spec.before ?? [{ id: 'merge', options: {} }]) panel.withTransformation(step)
  panel.withTransformation(only(columns))
  panel.withTransformation(named(columns))
  for (const { as, unit, properties = [] } of columns)
    panel.overrideByName(as, [...(unit ? [{ id: 'unit', value: unit }] : []), ...properties])
  for (const query of spec.fromLogs ? lokiQueries(spec.queries) : promQueries(spec.queries))
    panel.withTarget(query)
  return { builder: panel, width, height }
}

const only = (columns: Column[]): DataTransformerConfig => ({
  id: 'filterFieldsByName',
  options: { include: { names: columns.map(({ field }) => field) } },
})

const named = (columns: Column[]): DataTransformerConfig => ({
  id: 'organize',
  options: {
    indexByName: Object.fromEntries(columns.map(({ field }, i) => [field, i])),
    renameByName: Object.fromEntries(columns.map(({ field, as }) => [field, as])),
    excludeByName: {},
  },
})

/** Properties of a column. */
export const coloured = (steps: [number, string][]): DynamicConfigValue[] => [
  { id: 'thresholds', value: thresholds(steps, 'transparent').build() },
  { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
]
export const linked = (link: DashboardLinkBuilder): DynamicConfigValue[] => [
  { id: 'links', value: [link.build()] },
]
export const worded = (words: Record<string, string>, color?: string): DynamicConfigValue[] => [
  {
    id: 'mappings',
    value: [
      {
        type: 'value',
        options: Object.fromEntries(
          Object.entries(words).map(([value, text], index) => [
            value,
            { text, index, ...(color && { color }) },
          ]),
        ),
      },
    ],
  },
]
export const wide = (pixels: number): DynamicConfigValue[] => [
  { id: 'custom.width', value: pixels },
]
