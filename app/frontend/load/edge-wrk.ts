import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Pace, Run } from './edge-rounds.ts'

const run = promisify(execFile)

// Each request from one of many addresses, as passengers come: the limits by address count all of them, and
// refuse none. Milliseconds, as wrk measures them.
const script = `
local requests, n = {}, 0
init = function(words)
  for i = 0, 4095 do
    local headers = { ["X-Forwarded-For"] = string.format("10.0.%d.%d", math.floor(i / 256), i % 256) }
    for j = 1, #words, 2 do headers[words[j]] = words[j + 1] end
    requests[i] = wrk.format("GET", nil, headers)
  end
end
request = function()
  n = (n + 1) % 4096
  return requests[n]
end
done = function(all, latency)
  local errors = all.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"rate":%.1f,"p50":%.3f,"p95":%.3f,"p99":%.3f,"failed":%d}',
    all.requests / all.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, failed))
end
`

/** wrk: it costs so little that it is the server which is measured. */
export const createWrk = async (binary: string, { inFlight }: Pace) => {
  const folder = await mkdtemp(join(tmpdir(), 'aeroflash-wrk-'))
  const file = join(folder, 'edge.lua')
  await writeFile(file, script)
  return {
    run: async (url: string, headers: Record<string, string>, seconds: number): Promise<Run> => {
      // What waits for the first answer to a cold search waits half a second (nginx/README.md), once.
      await (await fetch(url, { headers })).arrayBuffer()
      const how = ['-t1', `-c${inFlight}`, `-d${seconds}s`, '-s', file, url, '--']
      const { stdout } = await run(binary, [...how, ...Object.entries(headers).flat()])
      const { failed, ...figures } = JSON.parse(stdout.slice(stdout.lastIndexOf('{'))) as Run & {
        failed: number
      }
      if (failed > 0) throw new Error(`${failed} requests of ${url} failed`)
      return figures
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
