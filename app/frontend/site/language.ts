import { signal } from './signal.ts'

export const languages = ['es', 'en'] as const
export type Language = (typeof languages)[number]

const remembered = () => /(?:^|; )language=(es|en)/.exec(document.cookie)?.[1]

const first = (): Language => {
  const chosen = remembered() ?? navigator.language.slice(0, 2)
  return chosen === 'en' ? 'en' : 'es'
}

/** The language of the page: from a cookie, else the browser's; Spanish when it is neither. */
export const language = signal<Language>(first())

document.documentElement.lang = language.value

export const speak = (next: Language) => {
  document.cookie = `language=${next}; path=/; max-age=31536000; samesite=lax`
  document.documentElement.lang = next
  language.value = next
}

/** The words of a page in both languages; called while rendering, it gives those of the moment. */
export const words =
  <Said>(said: Record<Language, Said>) =>
  (): Said =>
    said[language.value]

/** Our own server's words come in both languages too. */
export const named = (thing: { name_es: string; name_en: string }) =>
  language.value === 'es' ? thing.name_es : thing.name_en
