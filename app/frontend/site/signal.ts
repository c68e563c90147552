import { useLayoutEffect, useReducer } from 'preact/hooks'

/** A value that whole parts of the page follow. */
export const signal = <Value>(initial: Value) => {
  let current = initial
  const listeners = new Set<() => void>()
  return {
    get value() {
      return current
    },
    set value(next: Value) {
      current = next
      listeners.forEach((listener) => listener())
    },
    listen: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export type Signal<Value> = ReturnType<typeof signal<Value>>

/** Renders again whenever the signal changes. */
export const useSignal = <Value>(followed: Signal<Value>): Value => {
  const [, again] = useReducer<number, void>((count) => count + 1, 0)
  const shown = followed.value
  // At once, and not after the paint: what is typed before somebody listens would be overwritten by
  // what was shown before it.
  useLayoutEffect(() => {
    if (followed.value !== shown) again()
    return followed.listen(() => again())
  }, [followed])
  return shown
}
