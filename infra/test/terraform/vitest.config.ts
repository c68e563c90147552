import { defineConfig } from 'vitest/config'

/** What needs Terraform and its provider, or a minute: npm run test:infra. One after another, on two cores. */
export default defineConfig({
  test: {
    include: ['infra/test/terraform/*.check.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: ['verbose'],
  },
})
