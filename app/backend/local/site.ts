import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path: string) => fileURLToPath(new URL(`../../frontend/${path}`, import.meta.url))

/** Builds the site, in about a second, and says where it is; none where there is no site to build. */
export const buildSite = async (): Promise<string | undefined> => {
  const configFile = here('vite.config.ts')
  if (!existsSync(configFile)) return undefined
  const { build } = await import('vite')
  await build({ configFile, logLevel: 'error' })
  return here('dist')
}
