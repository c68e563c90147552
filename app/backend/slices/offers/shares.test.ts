import { afterAll, expect, test } from 'vitest'
import { adult, child, infant, passengerOf } from '../../test/passenger.ts'
import { startTestApi } from '../../test/test-api.ts'

const api = await startTestApi()
afterAll(() => api.close())

test('what is said of children, infants and pets before an offer is what the offer asks of them', async () => {
  const { body } = await api.request.get('/api/offers/shares').expect(200)
  const said = body as {
    child_percent: number
    infant_percent: number
    pet_fee: { amount: number }
  }
  const guest = passengerOf(api)
  const [flight] = await guest.search()
  const { lines } = await guest.offer([flight!.id], [adult, child, infant], { pets: 1 })
  const [full, half, least] = lines
    .filter(({ kind }) => kind === 'fare')
    .map(({ amount }) => amount) as [number, number, number]
  // Fares are whole pesos.
  expect(Math.abs(half - (full * said.child_percent) / 100)).toBeLessThan(100)
  expect(Math.abs(least - (full * said.infant_percent) / 100)).toBeLessThan(100)
  expect(lines.find(({ code }) => code === 'PET')?.amount).toBe(said.pet_fee.amount)
})
