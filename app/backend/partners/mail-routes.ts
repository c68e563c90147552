import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Mail } from './mail-catcher.ts'
import { problem } from './problems.ts'

/** What a test asks and a developer reads; `mails` is the catcher's own list, emptied by DELETE. */
export const mailRoutes = (mails: Mail[]) =>
  new Hono()
    .get('/', (c) => c.html(page(mails), 200, { 'content-security-policy': "default-src 'none'" }))
    .get('/mails', (c) => {
      const to = c.req.query('to')
      return c.json({ mails: to === undefined ? mails : mails.filter(isFor(to)) })
    })
    .get('/mails/:id', (c) => {
      const mail = mails.find(({ id }) => id === c.req.param('id'))
      if (!mail) throw problem(404, 'no-such-mail', 'There is no mail by that id.')
      return c.json(mail)
    })
    .delete('/mails', (c) => {
      mails.length = 0
      return c.body(null, 204)
    })

const isFor = (recipient: string) => {
  const sought = recipient.toLowerCase()
  return ({ to }: Mail) => to.some((address) => address.toLowerCase() === sought)
}

// Every value goes through the tagged template, which escapes it: mails are anybody's text.
const page = (mails: Mail[]) =>
  html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <title>Caught mail</title>
      <h1>Caught mail (${mails.length})</h1>
      ${mails.map(article)}
    </html>`

const article = ({ subject, from, to, received_at, text }: Mail) =>
  html`<article>
    <h2>${subject}</h2>
    <p>${received_at}, from ${from} to ${to.join(', ')}</p>
    <pre>${text}</pre>
  </article>`
