import type { DemoAccount } from './accounts.ts'

type Running = {
  publicUrl: string
  metricsUrl: string
  mailUrl: string
  databaseUrl: string
  logs: string
  accounts: DemoAccount[]
  seconds: number
}

/** What a person needs to know once everything runs. */
export const banner = (running: Running) => {
  const accounts = running.accounts.map(({ email, password }) => `${email.padEnd(29)}${password}`)
  const rows = [
    ['Site and API', running.publicUrl],
    ['API docs', `${running.publicUrl}/api/docs`],
    ['Metrics', running.metricsUrl],
    ['Mails', running.mailUrl],
    ['PostgreSQL', running.databaseUrl],
    ['Sign in as', accounts.join(`\n${' '.repeat(16)}`)],
    ['Logs', running.logs],
    ['Stop', 'Ctrl-C'],
  ] as const
  const table = rows.map(([what, value]) => `  ${what.padEnd(14)}${value}`).join('\n')
  return `AeroFlash is ready, after ${running.seconds.toFixed(1)} s.\n\n${table}\n`
}
