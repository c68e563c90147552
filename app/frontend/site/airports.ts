import { useEffect, useState } from 'preact/hooks'
import { api, ask } from './api.ts'

export type Airport = {
  iata_code: string
  name: string
  city: string
  country_code: string
  region_code: string
  time_zone: string
}

let loading: Promise<Airport[]> | undefined

/** All airports, asked for once: there are few, and the type-ahead then needs no network. */
export const loadAirports = (): Promise<Airport[]> => {
  loading ??= ask(api.airports.$get({ query: {} })).then(
    ({ airports }) => airports,
    (error: unknown) => {
      loading = undefined
      throw error
    },
  )
  return loading
}

const AGAIN_MS = 4_000

/** Empty until they have come; where the network fails, they are asked for again and again. */
export const useAirports = (): Airport[] => {
  const [airports, set] = useState<Airport[]>([])
  const [tries, setTries] = useState(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    loadAirports().then(
      (all) => isOver || set(all),
      () => {
        if (!isOver) timer = setTimeout(() => setTries(tries + 1), AGAIN_MS)
      },
    )
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [tries])
  return airports
}

const plain = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** Airports whose code, city or name begins a word like the query, best first. */
export const matching = (airports: Airport[], query: string): Airport[] => {
  const wanted = plain(query.trim())
  if (wanted === '') return airports
  const rank = ({ iata_code, city, name }: Airport) => {
    if (plain(iata_code) === wanted) return 0
    if (plain(city).startsWith(wanted)) return 1
    return ` ${plain(`${city} ${name}`)}`.includes(` ${wanted}`) ? 2 : 3
  }
  return airports.filter((airport) => rank(airport) < 3).toSorted((a, b) => rank(a) - rank(b))
}
