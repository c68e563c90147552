import { counter, gauge, api, page, ticket } from './case.ts'
import type { Case } from './case.ts'

const requests = (status: string, values: string) => ({
  [`http_requests_total{${api},route="/api/flights",method="GET",status="${status}"}`]: values,
})
const version = (name: string, values: string) => ({
  [`app_build_info{${api},version="${name}"}`]: values,
})

export const changeCases: Case[] = [
  {
    alert: 'DeployRegression',
    rules: ['change'],
    story: 'errors begin with a new version',
    series: {
      ...version('1', gauge([1, 61], ['_', 60])),
      ...version('2', gauge(['_', 61], [1, 60])),
      ...requests('200', counter([600, 120])),
      ...requests('500', counter([0, 61], [30, 59])),
    },
    silentAt: '61m',
    firingAt: '70m',
    labels: page,
    summary:
      '4.762% of requests fail, three times as many as half an hour ago, and a version is live that was not there then: roll back first',
  },
  {
    alert: 'ErrorSpikeWithoutDeploy',
    rules: ['change'],
    story: 'the same errors in the version that has been there',
    series: {
      ...version('1', gauge([1, 121])),
      ...requests('200', counter([600, 120])),
      ...requests('500', counter([0, 61], [30, 59])),
    },
    silentAt: '61m',
    firingAt: '70m',
    labels: page,
    summary:
      '4.762% of requests fail, three times as many as half an hour ago, and nothing was released: look for load, a partner or the database',
  },
  {
    alert: 'RouteSlow',
    rules: ['change'],
    story: 'a route has a verdict for ten minutes',
    series: {
      'why:verdict{route="/api/flights",symptom="slow",phase="db",kind="statement",culprit="flights.search"}':
        gauge(['_', 10], [0.92, 20]),
    },
    silentAt: '15m',
    firingAt: '25m',
    labels: {
      ...ticket,
      route: '/api/flights',
      symptom: 'slow',
      phase: 'db',
      kind: 'statement',
      culprit: 'flights.search',
    },
    summary:
      '/api/flights is slower than its target because of flights.search (statement): 92% of its slow time is db',
  },
  {
    alert: 'RouteFailing',
    rules: ['change'],
    story: 'a route fails because a partner does',
    series: {
      'why:verdict{route="/api/bookings/:id/payments",symptom="errors",phase="errors",kind="failing_partner",culprit="payments.charge"}':
        gauge(['_', 10], [0.4, 20]),
    },
    silentAt: '15m',
    firingAt: '25m',
    labels: {
      ...ticket,
      route: '/api/bookings/:id/payments',
      symptom: 'errors',
      phase: 'errors',
      kind: 'failing_partner',
      culprit: 'payments.charge',
    },
    summary: '/api/bookings/:id/payments fails because of payments.charge (failing_partner): 40%',
  },
]
