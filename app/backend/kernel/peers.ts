import { currentRoute, during } from './ledger.ts'
import { externalDuration, externalSeconds } from './metrics.ts'

/** Calls a partner and writes down for whom, how long it took and what came of it. Throws what it throws. */
export const callPeer = async <Said>(
  peer: string,
  ask: () => Promise<{ outcome: string; said: Said }>,
): Promise<Said> => {
  const stop = externalDuration.startTimer({ peer })
  const tell = (outcome: string) => externalSeconds.of(currentRoute(), peer).add(stop({ outcome }))
  try {
    const { outcome, said } = await during('external', ask)
    tell(outcome)
    return said
  } catch (error) {
    tell(error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'error')
    throw error
  }
}
