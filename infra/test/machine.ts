import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

const out = (command: string, ...parameters: string[]) => {
  try {
    return execFileSync(command, parameters, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch (error) {
    // find ends with an error for what it may not read, and has said what it found.
    return ((error as { stdout?: string }).stdout ?? '').trim()
  }
}

const where = (program: string) => out('sh', '-c', `command -v ${program}`) || undefined

/** Some machines carry a mirror of providers. Where it is differs, so it is looked for. */
const findProvider = () => {
  const places = ['/opt', '/usr', '/var', '/home', '/root', '/srv', '/mnt']
  const [plugin] = out('find', ...places, '-name', 'terraform-provider-aws_v*', '-type', 'f')
    .split('\n')
    .filter((path) => path.includes('/registry.terraform.io/hashicorp/aws/'))
  if (!plugin) return undefined
  const version = basename(dirname(dirname(plugin)))
  return { version, mirror: plugin.slice(0, plugin.indexOf('/registry.terraform.io/')) }
}

const provider = findProvider()
const terraform = where('terraform')

export const machine = {
  provider: terraform ? provider : undefined,
  moto: where('moto_server'),
  aws: where('aws'),
  /** Another Node than the one that runs this, if the machine has one. */
  node20: ['/usr/bin/node', '/usr/local/bin/node'].find((path) =>
    out(path, '--version').startsWith('v20.'),
  ),
}

/** Said aloud, and counted, where a machine cannot run them. */
export const skipped = (count: number, why: string) => console.warn(`\n${count} skipped: ${why}\n`)

/** What lets Terraform take the provider of the mirror in place of the one that we name. */
export const useMirror = () => {
  if (!machine.provider) throw new Error('no provider')
  const folder = mkdtempSync(join(tmpdir(), 'infra-mirror-'))
  const file = join(folder, 'offline.tfrc')
  writeFileSync(
    file,
    `provider_installation {
  filesystem_mirror {
    path    = "${machine.provider.mirror}"
    include = ["registry.terraform.io/*/*"]
  }
}
disable_checkpoint = true
`,
  )
  return { folder, file, override: overrideTo(machine.provider.version) }
}

const overrideTo = (version: string) => ({
  terraform: { required_providers: { aws: { source: 'hashicorp/aws', version } } },
})
