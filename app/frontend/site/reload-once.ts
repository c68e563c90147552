const PLACE = 'reloaded-at'
const AGAIN_AFTER_MS = 15_000

/**
 * A part of the site that cannot be loaded: there is no network, or a release has replaced it. Opening
 * the page anew helps with both, for what was put together is kept. Not again and again, though.
 */
export const reloadOnce = (error: unknown): Promise<never> => {
  const before = Number(sessionStorage.getItem(PLACE) ?? 0)
  if (Date.now() - before < AGAIN_AFTER_MS) throw error
  sessionStorage.setItem(PLACE, String(Date.now()))
  location.reload()
  return new Promise(() => undefined)
}
