import { useEffect, useState } from 'preact/hooks'

/** Whole seconds until an instant, counted anew each second; 0 when it is over. */
export const useSecondsLeft = (until: string | undefined): number => {
  const left = () => (until ? Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000)) : 0)
  const [seconds, set] = useState(left)
  useEffect(() => {
    set(left())
    const timer = setInterval(() => set(left()), 1_000)
    return () => clearInterval(timer)
  }, [until])
  return seconds
}

export const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
