/** What is written into logs and Loki: queries may name these. The e2e test holds them against real lines. */
export const labels = ['service_name', 'env', 'level'] as const

export const pinoFields = [
  'level',
  'version',
  'msg',
  'request_id',
  'trace_id',
  'method',
  'route',
  'status',
  'dur_ms',
  'queue_ms',
  'pool_ms',
  'db_ms',
  'ext_ms',
  'loop_ms',
  'app_ms',
  'db_n',
  'db_rows',
  'slow',
  'bytes',
  'user_hash',
  'booking_reference',
  'query',
  'job',
  'err_type',
] as const

/** Beside the line, found without reading it. */
export const metadata = ['request_id', 'trace_id', 'version', 'booking_reference'] as const

export const nginxFields = [
  'request_id',
  'status',
  'status_class',
  'route_class',
  'rt',
  'urt',
  'ustatus',
  'uri',
  'client',
] as const

/** What a release writes about itself. */
export const deployFields = ['event', 'result', 'version', 'commit', 'by', 'build'] as const
