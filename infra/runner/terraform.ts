import { type ChildProcess, spawn } from 'node:child_process'

export type Ran = { code: number; output: string }

const MINUTE = 60_000

/** How long each may take before it is asked to stop; it then has 30 s to leave the state whole. */
const LIMITS: Record<string, number> = {
  init: 5 * MINUTE,
  plan: 15 * MINUTE,
  show: 2 * MINUTE,
  apply: 90 * MINUTE,
}

type Command = {
  folder: string
  arguments: string[]
  /** False keeps what it prints to ourselves. */
  isHeard: boolean
  environment: NodeJS.ProcessEnv
}

const running = new Set<ChildProcess>()
let isStopping = false

/** Whoever ends us ends Terraform: asked first, so that it leaves the state whole, then made to. */
export const stopWithUs = () => {
  const stop = () => {
    isStopping = true
    for (const child of running) child.kill('SIGINT')
    setTimeout(() => {
      for (const child of running) child.kill('SIGKILL')
    }, MINUTE / 2).unref()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

/** Runs Terraform (or what TERRAFORM names, OpenTofu for instance), never without an end. */
export const terraform = async (command: Command): Promise<Ran> => {
  if (isStopping) throw new Error('Stopped.')
  const [verb = ''] = command.arguments
  const child = spawn(command.environment.TERRAFORM ?? 'terraform', command.arguments, {
    cwd: command.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...command.environment,
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
    },
  })
  const stop = setTimeout(() => child.kill('SIGINT'), LIMITS[verb] ?? MINUTE)
  const end = setTimeout(() => child.kill('SIGKILL'), (LIMITS[verb] ?? MINUTE) + MINUTE / 2)
  running.add(child)
  let output = ''
  const hear = (text: Buffer) => {
    output += text.toString()
    if (command.isHeard) process.stdout.write(text)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(stop)
      clearTimeout(end)
      running.delete(child)
      resolve({ code: code ?? 1, output: signal ? `${output}\nStopped by ${signal}.` : output })
    })
  })
}
