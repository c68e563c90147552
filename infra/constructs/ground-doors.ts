import { DATABASE_PORT } from './database.ts'
import { connect, type Group, letIn, letOut, makeGroup } from './doors.ts'
import type { Network } from './network.ts'
import { except, type Site } from './site.ts'

/** Where the monitoring host takes what hosts tell: Prometheus and Loki. */
const TOLD_AT = { 9090: 'Hosts hand on what they measured', 3100: 'Hosts tell what happened' }

const openToTheWorld = (site: Site, group: Group) => {
  letIn(site, group, 'world', 443, 'The site')
  const plain = letIn(
    site,
    group,
    'world',
    80,
    'Sent on to the site by TLS; nothing else is served',
  )
  except(
    plain,
    'AF-SG-03',
    'Whoever types the name without https is redirected; proofs for certificates arrive here too.',
  )
}

const reachOut = (site: Site, group: Group) => {
  letOut(site, group, 'world', 443, 'Services of AWS, images, the payment channel')
  letOut(site, group, 'world', 587, 'Mail, by submission with TLS')
}

/** Who may speak to whom, and about what. There is no door for SSH: see Session Manager. */
export const openDoors = (site: Site, network: Network) => {
  const group = (called: string, description: string) =>
    makeGroup(site, called, network.vpc, description)
  const app = group('app', 'Hosts of the product')
  const database = group('database', 'The database')
  reachOut(site, app)
  connect(site, app, database, DATABASE_PORT, 'The product asks the database')
  if (site.environment.topology === 'single') {
    openToTheWorld(site, app)
    return { app, database }
  }
  const balancer = group('balancer', 'The balancer')
  const monitor = group('monitor', 'The monitoring host')
  openToTheWorld(site, balancer)
  connect(site, balancer, app, 443, 'The balancer asks the Nginx of each host')
  letOut(site, monitor, 'world', 443, 'Services of AWS, images, and where alerts go')
  for (const [port, why] of Object.entries(TOLD_AT)) connect(site, app, monitor, Number(port), why)
  connect(site, monitor, database, DATABASE_PORT, 'The exporter asks the database how it is')
  return { app, database, balancer, monitor }
}
