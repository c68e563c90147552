import { execFileSync } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn, SYNTHESISED } from '../synthesised.ts'

const HERE = fileURLToPath(new URL('..', import.meta.url))
const MODULES = join(HERE, '..', 'node_modules')

/** The fork, at exact versions; `constructs` is the one that both take. */
const FORK = { cdktn: '0.24.0', '@cdktn/provider-aws': '25.7.0', constructs: '10.7.2' }

/** All that may differ: which library wrote it, and which provider it was written for. */
const KNOWN = [
  /^\s*"version": "0\.2[14]\.0",?$/,
  /^\s*"version": "6\.\d+\.\d+",?$/,
  /^\s*"source": "(hashicorp\/)?aws",?$/,
]

const rename = (folder: string) => {
  for (const path of globSync('**/*.ts', { cwd: folder })) {
    const text = readFileSync(join(folder, path), 'utf8')
    writeFileSync(
      join(folder, path),
      text
        .replaceAll("'@cdktf/provider-aws/", "'@cdktn/provider-aws/")
        .replaceAll("from 'cdktf'", "from 'cdktn'"),
    )
  }
}

const prepare = (folder: string) => {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', dependencies: FORK }),
  )
  execFileSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 5 * 60_000,
    },
  )
  for (const name of ['zod', 'yaml'])
    symlinkSync(join(MODULES, name), join(folder, 'node_modules', name))
  mkdirSync(join(folder, 'infra'))
  cpSync(HERE, join(folder, 'infra'), {
    recursive: true,
    filter: (path) =>
      path !== SYNTHESISED && !/\/infra\/exits$|\/infra\/test$|\.test\.ts$/.test(path),
  })
  rename(join(folder, 'infra'))
}

/** What is said, however it is spaced: the fork writes empty lists on one line. */
const meant = (text: string) => JSON.stringify(JSON.parse(text), undefined, 2).split('\n')

/** The lines in which one folder differs from the other, each with its file. */
const differing = (ours: Record<string, string>, theirs: Record<string, string>) =>
  Object.keys({ ...ours, ...theirs }).flatMap((path) => {
    const [mine, other] = [meant(ours[path] ?? '{}'), meant(theirs[path] ?? '{}')]
    if (mine.length !== other.length)
      return [`${path}: ${mine.length} lines became ${other.length}`]
    return mine.flatMap((line, i) =>
      line === other[i] ? [] : [`${path}: ${line}`, `${path}: ${other[i]}`],
    )
  })

/** The same code on CDK Terrain. Says what differs, and fails when that is more than is known. */
const leave = () => {
  const folder = mkdtempSync(join(tmpdir(), 'infra-cdktn-'))
  try {
    prepare(folder)
    execFileSync(process.execPath, ['infra/main.ts'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 60_000,
    })
    const [ours, theirs] = [filesIn(SYNTHESISED), filesIn(join(folder, 'infra/synthesised'))]
    const stray = differing(ours, theirs).filter(
      (line) => !KNOWN.some((known) => known.test(line.slice(line.indexOf(': ') + 2))),
    )
    if (stray.length > 0)
      throw new Error(`On cdktn more differs than is known:\n${stray.slice(0, 60).join('\n')}`)
    console.log(
      `cdktn ${FORK.cdktn}: ${Object.keys(ours).length} files are the same, but for versions and the provider's source`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

leave()
