import { counter, gauge, api, page, ticket } from './case.ts'
import type { Case } from './case.ts'

export const saturationCases: Case[] = [
  {
    alert: 'SaturationHigh',
    rules: ['saturation'],
    story: 'all connections of the pool are taken all the time',
    series: {
      [`db_pool_checkout_seconds_total{${api}}`]: counter([240, 20], [588, 10]),
      [`db_pool_max_connections{${api}}`]: gauge([10, 31]),
    },
    silentAt: '20m',
    firingAt: '28m',
    labels: { ...page, resource: 'db_pool', job: 'api', instance: 'api-blue' },
    summary: 'db_pool of api-blue is 98% full: requests queue for it now',
  },
  {
    alert: 'SaturationForecast',
    rules: ['saturation'],
    story: 'the pool fills by 1 % a minute; at 58 % there are 42 minutes left',
    series: {
      [`db_pool_checkout_seconds_total{${api}}`]: counter(
        ...Array.from({ length: 60 }, (_, i): [number, number] => [180 + 6 * i, 1]),
      ),
      [`db_pool_max_connections{${api}}`]: gauge([10, 61]),
    },
    silentAt: '15m',
    firingAt: '28m',
    labels: { ...ticket, resource: 'db_pool', job: 'api', instance: 'api-blue' },
    summary: 'db_pool of api-blue will be full within the hour: as it grows it would be at 116.5%',
  },
  {
    alert: 'HeadroomLow',
    rules: ['saturation'],
    story: 'at the busiest moment of the week the event loop is at 80 %',
    series: {
      [`http_requests_total{${api},route="/api/flights",status="200"}`]: counter(
        [600, 30],
        [6000, 60],
      ),
      [`nodejs_eventloop_active_seconds_total{${api}}`]: counter([6, 30], [48, 60]),
      [`nodejs_eventloop_idle_seconds_total{${api}}`]: counter([54, 30], [12, 60]),
    },
    silentAt: '29m',
    firingAt: '85m',
    labels: ticket,
    summary:
      'The first resource is full at 125 requests/s, less than 1.5 times the busiest moment of the week',
  },
  {
    alert: 'DbPoolTimeouts',
    rules: ['saturation'],
    story: 'requests give up waiting for a connection',
    series: { [`db_pool_timeouts_total{${api}}`]: counter([0, 20], [6, 10]) },
    silentAt: '20m',
    firingAt: '28m',
    labels: { ...page, job: 'api', instance: 'api-blue' },
    summary:
      'api-blue gave up waiting for a database connection 30 times in 5 minutes: passengers see 503',
  },
  {
    alert: 'DiskFull4h',
    rules: ['saturation'],
    story: 'something writes 1 % of the disk every five minutes',
    series: {
      'node_filesystem_avail_bytes{job="node",instance="host",mountpoint="/",fstype="ext4"}':
        '600+0x60 600-2x250',
      'node_filesystem_size_bytes{job="node",instance="host",mountpoint="/",fstype="ext4"}': gauge([
        1000, 320,
      ]),
    },
    silentAt: '60m',
    firingAt: '260m',
    labels: { ...page, job: 'node', instance: 'host', mountpoint: '/', fstype: 'ext4' },
    summary:
      'The disk of host at / is full within 4 hours as it fills now; PostgreSQL stops with it',
  },
]
