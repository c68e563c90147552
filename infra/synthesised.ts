import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Stack } from './policies/rule.ts'

export const SYNTHESISED = fileURLToPath(new URL('synthesised', import.meta.url))

export type Manifest = {
  stacks: Record<string, { name: string; workingDirectory: string; dependencies: string[] }>
}

export const readManifest = (environment: string, folder = SYNTHESISED) =>
  JSON.parse(readFileSync(join(folder, environment, 'manifest.json'), 'utf8')) as Manifest

export const readStack = (environment: string, stack: string, folder = SYNTHESISED) =>
  JSON.parse(
    readFileSync(join(folder, environment, 'stacks', stack, 'cdk.tf.json'), 'utf8'),
  ) as Stack

/** A stack after those that it depends on. */
export const inOrder = ({ stacks }: Manifest): string[] => {
  const ordered: string[] = []
  const add = (name: string) => {
    if (ordered.includes(name)) return
    for (const before of stacks[name]?.dependencies ?? []) add(before)
    ordered.push(name)
  }
  for (const name of Object.keys(stacks)) add(name)
  return ordered
}

/** Every file below a folder, by its path from there. */
export const filesIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  )
