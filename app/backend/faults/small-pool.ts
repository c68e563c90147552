import type pg from 'pg'
import type { Fault, Subjects } from './fault.ts'

export const smallPool = ({ pool }: Subjects): Fault => ({
  to: 'process',
  begin: async () => {
    const { max } = pool.options
    pool.options.max = 1
    await closeSurplus(pool)
    return () => {
      pool.options.max = max
    }
  },
})

// The pool opens no more than it may, but keeps what it has: that is ended as it comes back.
const closeSurplus = async (pool: pg.Pool) => {
  const surplus = Array.from({ length: Math.max(pool.totalCount - 1, 0) }, () => pool.connect())
  for (const client of await Promise.all(surplus)) client.release(true)
}
