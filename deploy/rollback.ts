import { rollBackFleet } from './fleet/fleet.ts'
import { isCompose, readOrder } from './order.ts'
import { rollBackHere } from './release/here.ts'
import { saidAndLeft } from './said.ts'

/** `npm run rollback -- <environment>`: what served before serves again. */
await saidAndLeft(async () => {
  const order = readOrder(process.argv.slice(2), process.env)
  if (isCompose(order.environment)) await rollBackHere(order.environment, order)
  else await rollBackFleet(order.environment, order)
})
