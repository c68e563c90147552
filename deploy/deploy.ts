import { releaseFleet } from './fleet/fleet.ts'
import { isCompose, readOrder } from './order.ts'
import { releaseHere } from './release/here.ts'
import { saidAndLeft } from './said.ts'

/** `npm run deploy -- <environment>`: brings a build to everybody, or takes it back by itself. */
await saidAndLeft(async () => {
  const order = readOrder(process.argv.slice(2), process.env)
  if (isCompose(order.environment)) await releaseHere(order.environment, order)
  else await releaseFleet(order.environment, order)
})
