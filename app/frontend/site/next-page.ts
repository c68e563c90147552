/** Where to go after signing in: a page of ours and nothing else, else the home page. */
export const nextPage = (next: string | undefined): string => {
  if (!next) return '/'
  const url = URL.parse(next, location.origin)
  // A path that begins with two slashes would be another host.
  if (url?.origin !== location.origin || url.pathname.startsWith('//')) return '/'
  return url.pathname + url.search
}

/** The address of a page about the account that comes back to `next` afterwards. */
export const comingBackTo = (page: '/sign-in' | '/register', next: string | undefined) =>
  next ? `${page}?${new URLSearchParams({ next })}` : page
