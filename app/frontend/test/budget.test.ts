import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Manifest } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSite } from './built-site.ts'

const SCRIPT_BYTES_MAX = 60_000
const STYLE_BYTES_MAX = 15_000

/** What every page begins with; home is part of it. */
const first = 'index.html'

let site: Awaited<ReturnType<typeof buildSite>>
let manifest: Manifest

beforeAll(async () => {
  site = await buildSite({ manifest: true })
  const text = await readFile(join(site.root, '.vite/manifest.json'), 'utf8')
  manifest = JSON.parse(text) as Manifest
}, 60_000)
afterAll(() => site.remove())

/** A chunk and all that it imports, at once or by way of others. */
const withImports = (name: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const imported of manifest[name]!.imports ?? []) withImports(imported, seen)
  return seen
}

const bytesOf = async (files: Iterable<string>) => {
  const sizes = await Promise.all(
    [...files].map(async (file) => gzipSync(await readFile(join(site.root, file)), { level: 9 })),
  )
  return sizes.reduce((sum, { length }) => sum + length, 0)
}

/** Bytes that somebody downloads who opens the site at this page. */
const firstLoad = async (page: string) => {
  const chunks = [...new Set([...withImports(first), ...withImports(page)])].map(
    (name) => manifest[name]!,
  )
  return {
    script: await bytesOf(new Set(chunks.map(({ file }) => file))),
    style: await bytesOf(new Set(chunks.flatMap(({ css = [] }) => css))),
  }
}

describe('the first load of a page', () => {
  test('is small on each of them: at most 60 kB of script and 15 kB of style, compressed', async () => {
    const pages = [first, ...(manifest[first]!.dynamicImports ?? [])]
    expect(pages.length).toBeGreaterThan(10)
    const loads = await Promise.all(
      pages.map(async (page) => ({ page, ...(await firstLoad(page)) })),
    )
    const large = loads.filter(
      ({ script, style }) => script > SCRIPT_BYTES_MAX || style > STYLE_BYTES_MAX,
    )
    expect(large).toEqual([])
    expect(Math.min(...loads.map(({ script, style }) => Math.min(script, style)))).toBeGreaterThan(
      1_000,
    )
  })
})
