import { graph } from './panels.ts'

export const machine = [
  graph({
    title: 'Host: processor',
    why: 'By what it does. "steal" is what the cloud takes; "iowait" is waiting for the disk.',
    unit: 'percentunit',
    width: 8,
    stacked: 'amounts',
    max: 1,
    queries: [
      {
        expr: 'sum by (mode) (rate(node_cpu_seconds_total{job="node",mode!="idle"}[$__rate_interval])) / scalar(count(node_cpu_seconds_total{job="node",mode="idle"}))',
        legend: '{{mode}}',
      },
    ],
  }),
  graph({
    title: 'Host: memory',
    why: 'What is left. Near nothing: the kernel ends somebody.',
    unit: 'bytes',
    width: 8,
    dashed: 'all',
    queries: [
      { expr: 'sum(node_memory_MemAvailable_bytes{job="node"})', legend: 'left' },
      { expr: 'sum(node_memory_MemTotal_bytes{job="node"})', legend: 'all' },
    ],
  }),
  graph({
    title: 'Host: disks',
    why: 'How full, and how busy. PostgreSQL stops when it cannot write.',
    unit: 'percentunit',
    width: 8,
    max: 1,
    limits: [[0.9, 'red']],
    queries: [
      { expr: 'max(saturation:ratio{resource="disk_space"})', legend: 'full' },
      { expr: 'max(saturation:ratio{resource="disk_io"})', legend: 'busy' },
    ],
  }),
  graph({
    title: 'Nginx: connections',
    why: 'What clients do: waiting is idle, writing is being answered (or an event stream).',
    width: 8,
    stacked: 'amounts',
    queries: ['reading', 'writing', 'waiting'].map((state) => ({
      expr: `sum(nginx_connections_${state}{job="nginx"})`,
      legend: state,
    })),
  }),
  graph({
    title: 'Nginx: refused connections',
    why: 'Accepted but not handled: it is at its limit.',
    unit: 'cps',
    width: 8,
    queries: [
      {
        expr: 'sum(rate(nginx_connections_accepted{job="nginx"}[$__rate_interval])) - sum(rate(nginx_connections_handled{job="nginx"}[$__rate_interval]))',
        legend: 'refused',
      },
    ],
  }),
  graph({
    title: 'Host: network',
    why: 'What comes and goes, without the loopback.',
    unit: 'Bps',
    width: 8,
    queries: ['receive', 'transmit'].map((way) => ({
      expr: `sum(rate(node_network_${way}_bytes_total{job="node",device!="lo"}[$__rate_interval]))`,
      legend: way,
    })),
  }),
]
