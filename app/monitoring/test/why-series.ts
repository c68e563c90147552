/** Measurements for promtool. A sample is 10 seconds. */
const SAMPLES = 30
export const counter = (perSample: number, from = 0) =>
  Array.from({ length: SAMPLES }, (_, i) => Math.max(i - from, 0) * perSample).join(' ')
export const gauge = (value: number) => `${value}x${SAMPLES - 1}`

export const at = (instance = 'a') => `job="api",instance="${instance}"`

type Load = { perSample?: number; slow?: number; failed?: number; instance?: string; mean?: number }

/** A route under load: of so many requests each ten seconds some are slow and some fail. */
export const route = (
  name: string,
  { perSample = 100, slow = 0, failed = 0, instance, mean = 0.1 }: Load = {},
) => {
  const on = `${at(instance)},route="${name}"`
  return {
    [`http_requests_total{${on},method="GET",status="200"}`]: counter(perSample - failed),
    [`http_requests_total{${on},method="GET",status="500"}`]: counter(failed),
    [`app_sli_total{${on},sli="latency"}`]: counter(perSample),
    [`app_sli_good_total{${on},sli="latency"}`]: counter(perSample - slow),
    [`http_request_duration_seconds_sum{${on},method="GET",status_class="2xx"}`]: counter(
      mean * perSample,
    ),
    [`http_request_duration_seconds_count{${on},method="GET",status_class="2xx"}`]:
      counter(perSample),
  }
}

/** Where the slow requests of a route spent their time, in seconds each ten seconds. */
export const phases = (name: string, spent: Record<string, number>) =>
  Object.fromEntries(
    ['queue', 'pool', 'db', 'external', 'loop', 'app'].map((phase) => [
      `http_request_phase_seconds_total{${at()},route="${name}",phase="${phase}",slow="1"}`,
      counter(spent[phase] ?? 0),
    ]),
  )

export const statement = (name: string, query: string, calls: number, seconds: number) => ({
  [`db_queries_total{${at()},route="${name}",query="${query}"}`]: counter(calls),
  [`db_query_seconds_total{${at()},route="${name}",query="${query}"}`]: counter(seconds),
})

export const held = (name: string, seconds: number, job = 'api') => ({
  [`db_pool_checkout_seconds_total{job="${job}",instance="a",route="${name}"}`]: counter(seconds),
})

/** Seconds each ten that the event loop was at work, had a processor, and for whom. */
export const loop = ({
  active,
  cpu,
  ran,
}: {
  active: number
  cpu: number
  ran: Record<string, number>
}) => ({
  [`nodejs_eventloop_active_seconds_total{${at()}}`]: counter(active),
  [`nodejs_eventloop_cpu_seconds_total{${at()}}`]: counter(cpu),
  ...Object.fromEntries(
    Object.entries(ran).map(([name, seconds]) => [
      `nodejs_eventloop_run_seconds_total{${at()},route="${name}"}`,
      counter(seconds),
    ]),
  ),
})

export const build = (version: string, instance: string, started: number) => ({
  [`app_build_info{${at(instance)},version="${version}"}`]: gauge(1),
  [`process_start_time_seconds{${at(instance)}}`]: gauge(started),
})
