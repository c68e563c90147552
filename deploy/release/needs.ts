import type { ComposeEnvironment } from '../environments.ts'
import type { Docker } from './docker.ts'
import type { Edge } from './edge.ts'
import type { Build } from './history.ts'
import type { Colour } from './slot.ts'

/** What each step of a release is given. */
export type Needs = {
  environment: ComposeEnvironment
  docker: Docker
  edge: Edge
  say: (line: string) => void
  /** Says what is done and how long it took; does nothing more once somebody wants it ended. */
  step: <Result>(what: string, work: () => Promise<Result>) => Promise<Result>
  /** Somebody wants it ended. */
  interrupted: AbortSignal
  /** Throws why when somebody does. */
  pause: (milliseconds: number) => Promise<void>
  /** The same for what must be finished all the same. */
  asCalm: (needs: Needs) => Needs
}

/** What serves, and where the next one starts. */
export type Running = { active: Colour; idle: Colour; build: Build; containers: number }
