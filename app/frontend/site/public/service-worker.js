// Shows a page of ours instead of the browser's own when there is no network. That is all: pages,
// scripts and answers of the API always come from the server, so that nothing is ever an old one.
const CACHE = 'offline-1'
const kept = ['/offline.html', '/offline.css', '/offline.js', '/icon.svg']

self.addEventListener('install', (event) => {
  const fresh = kept.map((path) => new Request(path, { cache: 'reload' }))
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)))
  self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  const drop = (names) =>
    Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))
  event.waitUntil(
    // The page is on its way while this worker is being woken: it costs nobody a moment.
    Promise.all([caches.keys().then(drop), self.registration.navigationPreload?.enable()]),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  const page = async () => (await event.preloadResponse) ?? fetch(request)
  if (request.mode === 'navigate')
    event.respondWith(page().catch(() => caches.match('/offline.html')))
  else if (origin === location.origin && kept.includes(pathname))
    event.respondWith(fetch(request).catch(() => caches.match(pathname)))
})
