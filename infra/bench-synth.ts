import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How long `npm run synth` takes, and how much memory: the fastest and the leanest of three. */
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const MEASURE = `process.on('exit', () => console.error(JSON.stringify(process.resourceUsage())))`

const runs = [1, 2, 3].map(() => {
  const began = performance.now()
  const { stderr, status } = spawnSync(
    process.execPath,
    [
      '--max-semi-space-size=4',
      '--import',
      `data:text/javascript,${encodeURIComponent(MEASURE)}`,
      MAIN,
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
  const used = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as NodeJS.ResourceUsage
  return {
    seconds: (performance.now() - began) / 1000,
    processorSeconds: (used.userCPUTime + used.systemCPUTime) / 1e6,
    megabytes: used.maxRSS / 1024,
  }
})

const best = (key: keyof (typeof runs)[number]) =>
  Number(Math.min(...runs.map((run) => run[key])).toFixed(2))
const figures = {
  seconds: best('seconds'),
  processorSeconds: best('processorSeconds'),
  megabytes: best('megabytes'),
}

if (process.argv.includes('--json')) console.log(JSON.stringify(figures))
else console.table({ 'npm run synth': figures, aim: { seconds: 3, megabytes: 200 } })
