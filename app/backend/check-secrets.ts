import { readFileSync, readdirSync } from 'node:fs'
import { isPlaceholder } from './config.ts'

const LENGTH_MIN = 16
const folder = process.argv[2] ?? '/run/secrets'

/** What is wrong with each secret of a folder. Never a value: this is logged. */
const wrong = readdirSync(folder).flatMap((name) => {
  const value = readFileSync(`${folder}/${name}`, 'utf8').trim()
  if (value.length < LENGTH_MIN) return [`  ${name}: at least ${LENGTH_MIN} characters`]
  return isPlaceholder(value) ? [`  ${name}: a placeholder, not a secret`] : []
})

// What stands on secrets waits for this to end well, so that a stack without any never comes up.
if (wrong.length > 0) {
  process.stderr.write(
    `Nothing starts on these secrets (npm run env makes some):\n${wrong.join('\n')}\n`,
  )
  process.exitCode = 1
}
