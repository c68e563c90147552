import { readFile, readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of ours: its path from app/backend, with slashes on every system, and what is in it. */
export type Source = { path: string; text: string }

const root = fileURLToPath(new URL('..', import.meta.url))

export const readSources = async (ext: string, folder = ''): Promise<Source[]> => {
  const names = await readdir(join(root, folder), { recursive: true })
  const paths = names.map((name) => join(folder, name).replaceAll(sep, '/'))
  return Promise.all(
    paths
      .filter((path) => path.endsWith(ext) && !path.includes('node_modules/'))
      .toSorted()
      .map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })),
  )
}

export const isTest = (path: string) =>
  path.endsWith('.test.ts') || path.startsWith('test/') || path.endsWith('/test-support.ts')

export const sliceOf = (path: string) => /^slices\/([^/]+)\//.exec(path)?.[1]

export const linesOf = ({ text }: Source) => text.trimEnd().split('\n').length

export type Import = { from: string; isType: boolean }

// Examples in comments are no code.
const codeOf = ({ text }: Source) =>
  text.replaceAll(/\/\*\*[^]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')

/** What a file imports or passes on, relative paths made into paths from app/backend. */
export const importsOf = (source: Source): Import[] =>
  [
    ...codeOf(source).matchAll(
      /^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*'([^']+)'|\bimport\('([^']+)'/gm,
    ),
  ].map(([whole, stated, called]) => ({
    from: resolve(source.path, stated ?? called!),
    isType: /^(import|export) type\b/.test(whole),
  }))

const resolve = (path: string, to: string) =>
  to.startsWith('.') ? new URL(to, `file:///${path}`).pathname.slice(1) : to

export type Query = { name: string; text: string }

/** Each statement of a file, by the name under which it is prepared. */
export const queriesOf = (source: Source): Query[] =>
  [
    ...codeOf(source).matchAll(
      /\bsql\(\s*'([^']*)',?\s*\)`((?:\$\{(?:[^{}]|\{[^{}]*\})*\}|[^`$]|\$(?!\{))*)`/g,
    ),
  ].map(([, name, statement]) => ({ name: name!, text: statement! }))
