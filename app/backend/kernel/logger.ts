/** What everybody may log with; logging/ makes it. */
export type { Logger } from 'pino'
