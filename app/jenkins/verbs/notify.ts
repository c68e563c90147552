import { say, secret, verb } from './asked.ts'
import type { Asked } from './asked.ts'
import { buildOf, post } from './message.ts'

const news = {
  released: 'is live in production',
  failed: 'failed',
  fixed: 'works again',
} as const

/** Tells the team, by the webhook of whatever they read. It needs no packages: a build may fail before them. */
const notify = async (asked: Asked) => {
  const [what] = asked.words
  if (!isNews(what)) throw new Error(`notify ${Object.keys(news).join(' | ')}`)
  const { commit, url } = await buildOf(asked)
  const text = `AeroFlash ${commit.slice(0, 12)} ${news[what]}${url ? `: ${url}` : ''}`

  if (asked.dry) return say(`would say: ${text}`)
  const webhook = secret(asked, 'NOTIFY_WEBHOOK_URL')
  if (!webhook) return say(`TOLD NOBODY: NOTIFY_WEBHOOK_URL is not set: ${text}`)
  await post(webhook, { text })
  say(`told: ${text}`)
}

const isNews = (what: string | undefined): what is keyof typeof news =>
  what !== undefined && what in news

await verb(notify)
