import { language, words } from '../language.ts'
import { signal, useSignal } from '../signal.ts'

const said = words({ es: 'Cargando la página…', en: 'Loading the page…' })

// Beside the router, not above it: one that is rendered anew while it waits drops the page before.
const isLoading = signal(false)

export const showProgress = (isOn: boolean) => {
  isLoading.value = isOn
}

/** A page is on its way. */
export const Progress = () => {
  useSignal(language)
  return useSignal(isLoading) ? (
    <div class="progress" role="progressbar" aria-label={said()} />
  ) : null
}
