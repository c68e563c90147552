import { randomBytes, scryptSync } from 'node:crypto'
import { hooked } from './fault.ts'
import type { Fault, Subjects } from './fault.ts'

/** Some 350 ms of a core and 64 MiB; what we take care to do in 40 ms, beside the event loop. */
const COST = { N: 2 ** 16, r: 8, p: 2, maxmem: 256 * 1024 * 1024 }

export const eventLoopBlock = ({ hooks }: Subjects): Fault => ({
  to: 'process',
  begin: async () =>
    hooked(hooks.onRequest, (c) => {
      if (c.req.path === '/api/auth/sign-in/email')
        scryptSync('password', randomBytes(16), 64, COST)
    }),
})
