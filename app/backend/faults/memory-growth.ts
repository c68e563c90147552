import { getHeapStatistics } from 'node:v8'
import { hooked } from './fault.ts'
import type { Fault, Subjects } from './fault.ts'

/** Of what the heap may take: beyond it the process would end, and show nothing any more. */
const SHARE_MAX = 0.8
const KEPT_BY_REQUEST = 2_000

/** A cache without a bound: small objects that live long, which is what collecting costs most. */
export const memoryGrowth = ({ hooks }: Subjects): Fault => ({
  to: 'process',
  begin: async () => {
    const kept: object[][] = []
    const undo = hooked(hooks.onRequest, (c) => {
      const heap = getHeapStatistics()
      const share = heap.used_heap_size / heap.heap_size_limit
      if (share > SHARE_MAX) kept.splice(0, 2)
      kept.push(copiesOf(c.req.path))
    })
    return () => {
      kept.length = 0
      return undo()
    }
  },
})

const copiesOf = (path: string) =>
  Array.from({ length: KEPT_BY_REQUEST }, (_, n) => ({ path: `${path}?${n}`, at: [n, n + 1] }))
