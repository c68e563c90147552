// Who asks stops before who is asked: the API first, so that it drains with all it needs still there.
const order = ['api', 'worker', 'partners', 'postgres', 'lock'] as const

type Name = (typeof order)[number]
type Step = { stop(): Promise<void>; kill?(): void }

// npm passes on the signal that the terminal has already sent to us, so one Ctrl-C may come twice.
const ECHO_MS = 1000

/** What was started is stopped in order, once. A second Ctrl-C does not wait. */
export const createShutdown = () => {
  const steps = new Map<Name, Step>()
  let since: number | undefined

  const run = async (exitCode: number) => {
    since = Date.now()
    for (const name of order) await steps.get(name)?.stop().catch(complain)
    process.exit(exitCode)
  }

  const onSignal = () => {
    if (since === undefined) {
      console.log('\nStopping. Once more Ctrl-C to stop without waiting.')
      void run(0)
    } else if (Date.now() - since > ECHO_MS) {
      for (const step of steps.values()) step.kill?.()
      process.exit(130)
    }
  }

  const fail = (sentence: string) => {
    if (since !== undefined) return
    console.error(sentence)
    void run(1)
  }

  return {
    fail,
    listen: () => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal)
      process.on('uncaughtException', ({ stack }) => fail(`A fault in npm start itself: ${stack}`))
    },
    /** Registers what runs now. When all is being stopped already, it is stopped at once. */
    add: (name: Name, step: Step) => {
      steps.set(name, step)
      if (since !== undefined) void step.stop().catch(complain)
    },
  }
}

export type Shutdown = ReturnType<typeof createShutdown>

const complain = (error: Error) => console.error(error.message)
