import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { freePort } from '../backend/local/ports.ts'

const run = (PROMETHEUS_URL: string) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    const file = fileURLToPath(new URL('diagnose.ts', import.meta.url))
    const env = { ...process.env, PROMETHEUS_URL }
    execFile(process.execPath, [file], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    )
  })

// What it says of a Prometheus that has something to say: e2e/attribution.test.ts.
test('where no Prometheus answers, it says so, and not that all is well', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  expect(await run(url)).toEqual({
    code: 2,
    said: `No Prometheus answers at ${url}. Say where it is: PROMETHEUS_URL=http://…\n`,
  })
})
