/** It was begun and everything is as it was before. */
export class TakenBack extends Error {}

const TAKEN_BACK = 42

/** Runs a verb; what it throws is said in a sentence. 42: taken back, 1: nothing was begun. */
export const saidAndLeft = async (verb: () => Promise<void>) => {
  try {
    await verb()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof TakenBack ? TAKEN_BACK : 1
  }
}
