import { ask } from './program.ts'
import type { Asked } from './asked.ts'
import { repository } from './repository.ts'

const PATIENCE_MS = 10_000

/** Sends JSON; a refusal names the status and the host, never the path, which may be the secret. */
export const post = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
  const { host } = new URL(url)
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((error: Error) => {
    throw new Error(`${host} did not answer: ${error.name}`)
  })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${host} answered ${answer.status}`)
}

/** Which commit, and where its build can be read; Jenkins says both, a laptop only the first. */
export const buildOf = async ({ settings }: Asked) => ({
  commit: settings.GIT_COMMIT || (await ask('git', ['-C', repository, 'rev-parse', 'HEAD'])),
  url: settings.BUILD_URL,
})
