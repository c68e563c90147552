import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{app,infra,deploy}/**/*.test.ts'],
    // What needs a Docker engine (npm run test:stack) or the machine to itself (npm run test:monitoring).
    exclude: ['**/node_modules/**', 'deploy/stack/**', 'app/monitoring/e2e/**'],
    globalSetup: 'app/backend/test/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
