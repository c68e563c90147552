// A build with a bug that no smoke test meets: whoever looks for Cartagena gets an error.
import pg from 'pg'

type Query = { text?: string; values?: unknown[] }

const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown

pg.Client.prototype.query = function broken(this: pg.Client, ...args: unknown[]) {
  const [asked] = args as [Query]
  if (asked?.values?.includes('CTG')) asked.values = [...asked.values, 'one too many']
  return query.apply(this, args)
} as typeof pg.Client.prototype.query
