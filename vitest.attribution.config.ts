import { defineConfig } from 'vitest/config'

/** Faults under load, and what a real Prometheus says of them: minutes, and the machine to itself. */
export default defineConfig({
  test: {
    include: ['app/monitoring/e2e/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 150_000,
    hookTimeout: 240_000,
  },
})
