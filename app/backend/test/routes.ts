import { createApp } from '../app.ts'
import type { TestApi } from './test-api.ts'

export type Route = { method: string; path: string }

/** Every route of the API as 'POST /api/bookings/{id}/payments', as the document writes it. */
export const routesOf = ({ world }: TestApi): string[] => {
  const routes = createApp(world)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)
  return [...new Set(routes)]
}

export const routeOf = (route: string): Route => {
  const [method = '', path = ''] = route.split(' ')
  return { method, path }
}
