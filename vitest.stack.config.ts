import { defineConfig } from 'vitest/config'

/** The stack in real containers, one file after another: they share an engine and two cores. */
export default defineConfig({
  test: {
    include: ['deploy/stack/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 600_000,
    passWithNoTests: true,
  },
})
