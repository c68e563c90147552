import { get } from 'node:http'

const PLENTY = 250
/** Below the 10 sign-ins a minute that the API allows one address. */
const SIGN_INS_MAX = 8
const MINUTE_MS = 60_000

export const isLoopback = (url: string) => {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

/**
 * Passengers come from addresses of their own where the machine has them: all of 127/8 is loopback on
 * Linux. From one address the API lets only so many sign in, and rightly so.
 */
export const createAddresses = async (url: string) => {
  const all: (string | undefined)[] = (await hasMany(url)) ? many : [undefined]
  const signIns = new Map<string | undefined, number[]>()
  let turn = 0
  return {
    next: () => all[turn++ % all.length],
    maySignIn: (address: string | undefined) => {
      const now = performance.now()
      const recent = (signIns.get(address) ?? []).filter((at) => now - at < MINUTE_MS)
      const may = recent.length < SIGN_INS_MAX
      signIns.set(address, may ? [...recent, now] : recent)
      return may
    },
  }
}

const many = Array.from({ length: PLENTY }, (_, n) => `127.0.0.${n + 2}`)

const hasMany = (url: string) =>
  new Promise<boolean>((resolve) => {
    if (!isLoopback(url)) return resolve(false)
    const asked = get(new URL('/api/healthz', url), { localAddress: many[0], timeout: 2_000 })
    asked.once('response', (response) => {
      response.resume()
      resolve(true)
    })
    asked.once('error', () => resolve(false))
    asked.once('timeout', () => asked.destroy())
  })
