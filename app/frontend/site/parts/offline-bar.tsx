import { useEffect, useState } from 'preact/hooks'
import { language, words } from '../language.ts'
import { useSignal } from '../signal.ts'

const said = words({
  es: 'Sin conexión. Lo que escribiste sigue aquí; seguimos en cuanto vuelva.',
  en: 'No connection. What you typed is still here; we go on as soon as it is back.',
})

/** Says that there is no network, over the page, so that nothing moves. */
export const OfflineBar = () => {
  useSignal(language)
  const [isOnline, set] = useState(navigator.onLine)
  useEffect(() => {
    const follow = () => set(navigator.onLine)
    window.addEventListener('online', follow)
    window.addEventListener('offline', follow)
    return () => {
      window.removeEventListener('online', follow)
      window.removeEventListener('offline', follow)
    }
  }, [])
  return (
    <p class="offline-bar" role="status">
      {!isOnline && <span>{said()}</span>}
    </p>
  )
}
