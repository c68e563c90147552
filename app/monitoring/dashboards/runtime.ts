import { dashboard } from './house.ts'
import { machine } from './machine.ts'
import { figure, graph, logLines } from './panels.ts'
import { gauge, ours } from './select.ts'

const loop = (part: string) => `sum by (instance) ${ours(`nodejs_eventloop_${part}_seconds_total`)}`

const processes = [
  figure({
    title: 'Processes',
    why: 'How many answer, by job. Fewer than yesterday: somebody is missing.',
    width: 6,
    queries: [{ expr: 'sum by (job) (up{job=~"api|worker"})', legend: '{{job}}' }],
  }),
  figure({
    title: 'Starts in the last hour',
    why: 'A release is one. More: something ends them.',
    width: 6,
    steps: [[3, 'red']],
    base: 'green',
    queries: [
      {
        expr: 'sum(changes(process_start_time_seconds{job=~"api|worker"}[1h]))',
        legend: 'starts',
      },
    ],
  }),
  figure({
    title: 'Versions',
    why: 'Which builds run, and in how many processes. Two: a release is under way.',
    width: 12,
    queries: [{ expr: `count by (version) ${gauge('app_build_info')}`, legend: '{{version}}' }],
  }),
  graph({
    title: 'Event loop in use',
    why: 'Share of the time in which it ran code. Over 70 % requests wait for each other, over 90 % they queue.',
    unit: 'percentunit',
    width: 8,
    max: 1,
    limits: [[0.9, 'red']],
    queries: [
      { expr: `${loop('active')} / (${loop('active')} + ${loop('idle')})`, legend: '{{instance}}' },
    ],
  }),
  graph({
    title: 'Event loop: late, and standing still',
    why: 'Seconds of lag a second (what others waited), and how often it stood still for over 100 ms.',
    width: 8,
    queries: [
      { expr: loop('lag'), legend: 'lag {{instance}}' },
      {
        expr: `sum by (instance) ${ours('nodejs_eventloop_stalls_total')}`,
        legend: 'stalls/s {{instance}}',
      },
    ],
  }),
  graph({
    title: 'Garbage collection',
    why: 'Share of the time that it takes, every collection counted. Over 10 %: memory grows or is churned.',
    unit: 'percentunit',
    width: 8,
    stacked: 'amounts',
    queries: [
      { expr: `sum by (kind, job) ${ours('nodejs_gc_seconds_total')}`, legend: '{{job}} {{kind}}' },
    ],
  }),
  graph({
    title: 'Heap, and its limit',
    why: 'A saw-tooth that rises is a leak; at the limit the process ends.',
    unit: 'bytes',
    width: 8,
    dashed: 'limit.*',
    queries: [
      { expr: gauge('nodejs_heap_size_used_bytes'), legend: '{{instance}}' },
      { expr: `max by (job) ${gauge('nodejs_heap_limit_bytes')}`, legend: 'limit {{job}}' },
    ],
  }),
  graph({
    title: 'Resident memory',
    why: 'What the machine gives the process; the container ends it at its limit.',
    unit: 'bytes',
    width: 8,
    queries: [{ expr: gauge('process_resident_memory_bytes'), legend: '{{instance}}' }],
  }),
  graph({
    title: 'Processor time',
    why: 'Cores in use. Node runs our code on one of them.',
    width: 8,
    queries: [
      {
        expr: `sum by (instance) ${ours('process_cpu_seconds_total')}`,
        legend: '{{instance}}',
      },
    ],
  }),
]

const jobs = [
  graph({
    title: 'Jobs of the worker: runs',
    why: 'Does each do its turns, and do they succeed?',
    unit: 'cps',
    queries: [
      {
        expr: 'sum by (task, outcome) (rate(job_runs_total{job="worker"}[$__rate_interval]))',
        legend: '{{task}} {{outcome}}',
      },
    ],
  }),
  graph({
    title: 'Jobs of the worker: where their time goes',
    why: 'The same phases as for requests.',
    unit: 's',
    stacked: 'amounts',
    queries: [
      {
        expr: 'sum by (task, phase) (rate(job_phase_seconds_total{job="worker"}[$__rate_interval])) > 0.0001',
        legend: '{{task}} {{phase}}',
      },
    ],
  }),
]

export const runtime = dashboard({
  name: 'runtime',
  title: 'Runtime',
  question: 'Are the processes and the machine well?',
  rows: [
    { title: 'Our processes', panels: processes },
    { title: 'The worker', panels: jobs },
    { title: 'The machine and Nginx', panels: machine },
    {
      title: 'Last words',
      panels: [
        logLines({
          title: 'What processes printed outside their log',
          why: 'Stack traces of a process that could not log, and why one would not start. Through Alloy; their log lines come by themselves.',
          query: `{service_name=~"api-blue|api-green|worker"}`,
          nothing: 'Nothing, as it should be',
        }),
      ],
    },
  ],
})
