import { randomInt } from 'node:crypto'

// No 0/O, 1/I/L: what is read out over a phone must be heard right.
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** Six characters from a cryptographic source: with a family name it opens a masked view. */
export const newReference = () =>
  Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join('')

/** A family name as a look-up compares it: without accents, case, spaces and punctuation. */
export const familyNameKey = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/[^\p{L}]/gu, '')
    .toLowerCase()
