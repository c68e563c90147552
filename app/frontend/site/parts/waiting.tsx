import { useEffect, useState } from 'preact/hooks'
import { payment } from '../words/payment.ts'

/** A payment on its way: says that it resolves by itself, and shows that time passes. */
export const Waiting = ({ isOffline }: { isOffline: boolean }) => {
  const said = payment()
  const [seconds, set] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => set((passed) => passed + 1), 1_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <section class="card waiting">
      <div role="status">
        <h2>{said.processing}</h2>
        <p>{said.processingHow}</p>
      </div>
      <div class="moving" aria-hidden="true" />
      <p class="hint">{isOffline ? said.stillOffline : said.elapsed(seconds)}</p>
    </section>
  )
}
