import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import supertest from 'supertest'
import { expect, onTestFinished, test, vi } from 'vitest'
import { linesOf, startApiProcess } from '../test/api-process.ts'
import { startFakeLoki } from '../test/fake-loki.ts'
import { startMailServer } from '../test/mail-server.ts'
import { orderFor, passengerOf } from '../test/passenger.ts'
import type { Offer, Placed } from '../test/passenger.ts'
import { newKey } from '../test/test-api.ts'
import type { TestApi } from '../test/test-api.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } })

/** Who travels here: nothing of this may stand in any line. */
const person = {
  email: 'violeta.quesada@correo.example',
  account: 'cuenta.violeta@correo.example',
  phone: '+57 311 987 6543',
  given_name: 'Violeta-Eufrasia',
  family_name: 'Quesadilla Ñúñez',
  born_on: '1987-03-29',
  document: 'PX99887766',
  password: 'una contraseña que nadie adivina',
  next_password: 'otra contraseña que nadie adivina',
  wrong_password: 'not the password at all',
  card: 'tok_approved',
  declined_card: 'tok_declined',
}

const startAll = async () => {
  const loki = await startFakeLoki()
  const mail = await startMailServer()
  onTestFinished(async () => {
    mail.close()
    await loki.close()
  })
  const api = await startApiProcess({ LOKI_URL: loki.url, SMTP_URL: mail.url, LOG_LEVEL: 'debug' })
  const database = new Client({ connectionString: api.database.url })
  database.on('error', () => undefined)
  await database.connect()
  onTestFinished(() => database.end())
  const request = supertest.agent(api.url)
  return { api, loki, mail, database, request, guest: passengerOf({ request } as TestApi) }
}

type All = Awaited<ReturnType<typeof startAll>>

const orderOf = (offer: Offer) => {
  const order = orderFor(offer)
  const { given_name, family_name, born_on } = person
  const document = { type: 'passport', number: person.document, issuing_country: 'CO' }
  return {
    ...order,
    contact: { email: person.email, phone: person.phone },
    passengers: order.passengers.map(() => ({ given_name, family_name, born_on, document })),
  }
}

const place = async ({ guest }: All): Promise<Placed> => {
  const [flight] = await guest.search('BOG', 'ADZ', 9)
  const offer = await guest.offer([flight!.id], [{ born_on: person.born_on }])
  return (await guest.post('/api/bookings', orderOf(offer)).expect(201)).body as Placed
}

/** Book, pay with one card and another, look it up, cancel. */
const travel = async (all: All) => {
  const { guest, request, mail } = all
  const booked = await place(all)
  await guest.pay(booked, person.declined_card).expect(402)
  await guest.pay(booked, person.card).expect(201)
  await guest.read(booked)
  const { booking_reference } = booked
  const { family_name } = person
  const who = { booking_reference, family_name }
  await request.post('/api/bookings/lookup').send(who).expect(200)
  await request
    .post('/api/bookings/lookup')
    .send({ ...who, family_name: 'Otra' })
    .expect(404)
  await request.post('/api/bookings/lookup/codes').send(who).expect(202)
  await expect.poll(() => mail.mails.length).toBe(1)
  const code = /\b\d{6}\b/.exec(mail.mails[0]!.split('\n\n').slice(1).join())![0]
  const opened = await request
    .post('/api/bookings/lookup/access-tokens')
    .send({ ...who, code })
    .expect(201)
  const owner = passengerOf({ request } as TestApi, `Bearer ${booked.access_token}`)
  const quoted = await owner.post(`/api/bookings/${booked.id}/cancellation-quotes`).expect(201)
  await owner
    .post(`/api/cancellation-quotes/${(quoted.body as { id: string }).id}/confirm`)
    .expect(200)
  return [booked.access_token, (opened.body as { access_token: string }).access_token]
}

/** Sign up, twice, sign in, rightly and wrongly, forget the password and choose another. */
const register = async ({ request, mail }: All) => {
  const { account: email, password, given_name, family_name } = person
  const signUp = { email, password, name: `${given_name} ${family_name}` }
  const auth = '/api/auth'
  const made = await request.post(`${auth}/sign-up/email`).send(signUp).expect(201)
  await request.post(`${auth}/sign-up/email`).send(signUp).expect(422)
  const wrong = { email, password: person.wrong_password }
  await request.post(`${auth}/sign-in/email`).send(wrong).expect(401)
  const signedIn = await request.post(`${auth}/sign-in/email`).send({ email, password }).expect(200)
  const before = mail.mails.length
  await request.post(`${auth}/request-password-reset`).send({ email }).expect(202)
  await expect.poll(() => mail.mails.length).toBe(before + 1)
  const token = /token=([\w-]+)/.exec(mail.mails.at(-1)!)![1]!
  const reset = { token, new_password: person.next_password }
  await request.post(`${auth}/reset-password`).send(reset).expect(204)
  const tokens = [made, signedIn].map(({ body }) => (body as { token: string }).token)
  const cookies = [made, signedIn].flatMap(({ headers }) => headers['set-cookie'] ?? [])
  const values = cookies.map((cookie) => /=([^;]+)/.exec(cookie)![1]!)
  return [...tokens, ...values, token]
}

/** Whatever cannot be read: values in wrong places, names that are values, no JSON at all. */
const stumble = async ({ request, guest }: All) => {
  const post = (path: string, body: object | string) =>
    request
      .post(path)
      .set('Idempotency-Key', newKey())
      .set('Content-Type', 'application/json')
      .send(body)
  await post('/api/bookings', { ...person, [person.email]: person.document }).expect(422)
  await post('/api/bookings', `{"email":"${person.email}", ${person.given_name}`).expect(400)
  await request.get('/api/flights').query({ origin: person.given_name }).expect(422)
  await request.get(`/api/bookings/${person.document}`).expect(401)
  await request.get('/api/bookings').set('Authorization', `Bearer ${person.password}`).expect(401)
  await guest.get(`/api/accounts?email=${person.email}`).expect(401)
}

/** PostgreSQL refuses, and says in its detail the whole row; a trigger says more; a table is slow. */
const breakDown = async (all: All) => {
  const { guest, request, database, mail } = all
  const [flight] = await guest.search('BOG', 'ADZ', 10)
  const failing = async (make: string, unmake: string) => {
    const offer = await guest.offer([flight!.id], [{ born_on: person.born_on }])
    await database.query(make)
    await guest.post('/api/bookings', orderOf(offer)).expect(500)
    await database.query(unmake)
  }
  await failing(
    `alter table bookings.passengers add constraint test_name
       check (given_name <> '${person.given_name}') not valid`,
    'alter table bookings.passengers drop constraint test_name',
  )
  await database.query(`
    create function test_shout() returns trigger language plpgsql as $$
    begin
      raise exception 'no booking for %', new.contact_email
        using detail = new.contact_phone, hint = new::text;
    end $$`)
  await failing(
    `create trigger shout before insert on bookings.bookings
       for each row execute function test_shout()`,
    'drop trigger shout on bookings.bookings',
  )
  // better-auth's own insert fails too, with the e-mail in the detail.
  await database.query(
    `alter table identity.users add constraint test_mail check (email = '') not valid`,
  )
  await request
    .post('/api/auth/sign-up/email')
    .send({ email: person.email, password: person.password, name: person.given_name })
    .expect((answer) => expect(answer.status).toBeGreaterThanOrEqual(500))
  await database.query('alter table identity.users drop constraint test_mail')

  mail.knowNobody()
  await request.post('/api/auth/request-password-reset').send({ email: person.account }).expect(202)

  await database.query('begin; lock table flights.airports in access exclusive mode')
  const slow = guest.get('/api/airports?query=slow').expect(200)
  await Promise.all([slow.then(() => undefined), wait(500).then(() => database.query('commit'))])
}

test('no line says who somebody is or what opens something, whatever went right or wrong', async () => {
  const all = await startAll()
  const { api, loki } = all
  const tokens = [...(await travel(all)), ...(await register(all))]
  await stumble(all)
  await breakDown(all)
  await expect.poll(() => linesOf(api).some(({ msg }) => msg === 'mail not sent')).toBe(true)
  await api.end()

  // All that was meant to be said was said …
  const lines = linesOf(api)
  const messages = lines.map(({ msg }) => msg)
  expect(messages).toEqual(
    expect.arrayContaining(['request', 'request failed', 'slow query', 'mail not sent', 'ended']),
  )
  const failed = lines.filter(({ msg }) => msg === 'request failed').map(({ err }) => err)
  expect(failed).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ code: '23514', constraint: 'test_name', table: 'passengers' }),
      expect.objectContaining({ code: 'P0001', message: 'no booking for [e-mail]' }),
    ]),
  )
  const requests = lines.filter(({ msg }) => msg === 'request')
  expect(requests).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ status: 500, problem: 'internal', err_code: '23514' }),
      expect.objectContaining({ status: 402, problem: 'payment-declined' }),
      expect.objectContaining({ status: 422, problem: 'validation-failed' }),
      expect.objectContaining({ status: 401, problem: 'unauthenticated' }),
    ]),
  )
  const route = '/api/bookings/:id/payments'
  const paid = requests.find((line) => line['route'] === route && line['status'] === 201)
  expect(paid).toMatchObject({ booking_reference: expect.stringMatching(/^[A-Z0-9]{6}$/) })

  // … and nothing else.
  const everything = api.said.out + api.said.err + JSON.stringify(loki.entries())
  const { auth, key, webhook } = api.secrets
  const databasePassword = new URL(api.database.url).password
  const secrets = [...Object.values(person), ...tokens, auth, key, webhook, databasePassword]
  const withParts = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)])
  const leaked = withParts.filter((secret) => secret.length > 3 && everything.includes(secret))
  expect(leaked).toEqual([])
})
