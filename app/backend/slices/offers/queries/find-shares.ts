import { BASIS_POINTS } from '../../../kernel/money.ts'
import { typeFactor } from '../quote.ts'
import { PET_FEE } from '../services.ts'

const PERCENT = BASIS_POINTS / 100

/** What those pay who are no adults, for an estimate before anything is quoted. */
export const findShares = () => ({
  child_percent: typeFactor.child / PERCENT,
  infant_percent: typeFactor.infant_without_seat / PERCENT,
  pet_fee: PET_FEE,
})
