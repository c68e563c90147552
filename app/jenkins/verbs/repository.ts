import { fileURLToPath } from 'node:url'

/** With a slash at its end. Stands alone, because `notify` has no packages to import. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url))
