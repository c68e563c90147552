/** It was begun and everything is as it was before. */
export class TakenBack extends Error {}

/** It was begun, and not everything is as it was before: somebody must look. */
export class NotTakenBack extends Error {}

export const TAKEN_BACK = 42
export const NOT_TAKEN_BACK = 43
export const NOTHING_BEGUN = 1

/** Runs a verb; what it throws is said in a sentence, and by the exit code. */
export const saidAndLeft = async (verb: () => Promise<void>) => {
  try {
    await verb()
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exitCode = codeOf(error)
  }
}

const codeOf = (error: unknown) => {
  if (error instanceof NotTakenBack) return NOT_TAKEN_BACK
  return error instanceof TakenBack ? TAKEN_BACK : NOTHING_BEGUN
}

/** How an instance says what serves on it, to the fleet's release that told it to go back. */
export const serves = (commit: string) => `commit ${commit} serves`

/** Where a contract took away what a version uses, no instance goes back to it. */
export const CANNOT_SERVE_AGAIN = 'cannot serve again'

export const sentenceOf = (error: unknown) =>
  error instanceof Error ? error.message : String(error)
