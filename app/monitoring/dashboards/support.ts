import { TextBoxVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboard, linkTo } from './house.ts'
import { linked, listing } from './listing.ts'
import { logLines, words } from './panels.ts'

/** A dash stands for nobody: an empty box would match whatever has no such field. */
const box = (name: string, label: string) =>
  new TextBoxVariableBuilder(name)
    .label(label)
    .defaultValue('-')
    .current({ selected: true, text: '-', value: '-' })

const ours = '{service_name=~"aeroflash-api|aeroflash-worker"}'
// What is beside the line is found without reading the line.
const ofBooking = `${ours} | booking_reference="$booking_reference" | json`
// A dot on a graph knows the trace that the request was in, which may be its caller's.
const ofRequest = `${ours} | request_id="$request_id" or trace_id="$request_id"`

const times = ['queue', 'pool', 'db', 'ext', 'loop', 'app'] as const

export const support = dashboard({
  name: 'support',
  title: 'Support',
  question: 'What happened to this passenger?',
  from: 'now-24h',
  variables: [box('booking_reference', 'Booking reference'), box('request_id', 'Request')],
  rows: [
    {
      title: 'What happened to this booking?',
      panels: [
        words({
          title: 'How to ask',
          why: 'From what a passenger says to the statement that was slow.',
          width: 24,
          height: 3,
          markdown:
            'Write the passenger’s booking reference above. Each line is a request for that booking, with where its time went (ms). **Click a request**: below is everything that was logged of it, its slow statements with their names too. Names and addresses are in no log.',
        }),
        listing({
          title: 'Requests for booking $booking_reference',
          why: 'Every request that named this booking, newest first. Click the request to see all of its lines.',
          width: 24,
          height: 9,
          fromLogs: true,
          nothing: 'No request named this booking in this time',
          queries: [{ expr: ofBooking }],
          before: [
            { id: 'extractFields', options: { source: 'labels', format: 'auto', replace: false } },
          ],
          columns: [
            { field: 'Time', as: 'Time' },
            { field: 'method', as: 'Method' },
            { field: 'route', as: 'Endpoint' },
            { field: 'status', as: 'Status' },
            { field: 'dur_ms', as: 'Took' },
            ...times.map((phase) => ({ field: `${phase}_ms`, as: phase })),
            { field: 'version', as: 'Version' },
            {
              field: 'request_id',
              as: 'Request',
              properties: linked(
                linkTo(
                  'All lines of this request',
                  'support',
                  'var-request_id=${__value.raw}&var-booking_reference=$booking_reference',
                ),
              ),
            },
          ],
        }),
      ],
    },
    {
      title: 'What happened in this request?',
      panels: [
        listing({
          title: 'Its slow statements',
          why: 'Statements of this request that took over 200 ms. The name is the statement’s place in the code, and leads to its plan below.',
          width: 24,
          height: 5,
          fromLogs: true,
          nothing: 'No statement of it was slow',
          queries: [{ expr: `${ofRequest} | json | msg="slow query"` }],
          before: [
            { id: 'extractFields', options: { source: 'labels', format: 'auto', replace: false } },
          ],
          columns: [
            { field: 'Time', as: 'Time' },
            { field: 'query', as: 'Statement' },
            { field: 'route', as: 'Endpoint' },
            { field: 'dur_ms', as: 'Took' },
          ],
        }),
        logLines({
          title: 'All lines of request $request_id',
          why: 'What the API and the worker said while they answered it.',
          query: ofRequest,
          nothing: 'Choose a request above',
        }),
        logLines({
          title: 'The same request at Nginx',
          why: 'What the passenger felt: rt is the whole, urt the API’s part.',
          height: 5,
          query: '{service_name="nginx"} | request_id="$request_id"',
          nothing: 'Choose a request above',
        }),
      ],
    },
  ],
})
