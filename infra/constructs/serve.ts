import { Eip } from '@cdktf/provider-aws/lib/eip/index.js'
import { NetworkInterface } from '@cdktf/provider-aws/lib/network-interface/index.js'
import { TerraformOutput } from 'cdktf'
import type { Environment } from '../settings.ts'
import { alarm } from './alarms.ts'
import { balance } from './balancer.ts'
import { raiseFirewall } from './firewall.ts'
import type { Ground } from './ground.ts'
import { runHosts } from './hosts.ts'
import { certify, nameAddress, nameBalancer } from './names.ts'
import { tellHosts } from './parameters.ts'
import { followSaturation } from './saturation.ts'
import type { Site } from './site.ts'

/**
 * One host in a group of one. Its interface is ours, not its own: whichever host stands behind it has
 * the same address from its first moment, and needs no right to take one.
 */
export const serveAlone = (site: Site, ground: Ground, zone: string) => {
  const face = new NetworkInterface(site.stack, 'interface', {
    subnetId: ground.network.public[0] ?? '',
    securityGroups: [ground.groups.app.id],
    description: 'Where the site is, whichever host is behind it',
    tags: { Name: site.name },
  })
  const address = new Eip(site.stack, 'address', {
    domain: 'vpc',
    networkInterface: face.id,
    tags: { Name: site.name },
  })
  const group = runHosts(site, ground, {
    id: 'hosts',
    duty: 'both',
    ...site.environment.hosts,
    stands: { interface: face.id, zone: ground.network.zone },
    behind: [],
  })
  nameAddress(site, zone, address.publicIp)
  watchHosts(site, ground, group.name, 1)
  new TerraformOutput(site.stack, 'address-of-the-site', { value: address.publicIp })
}

type Together = {
  zone: string
  role: 'only' | 'PRIMARY' | 'SECONDARY'
  hosts: Environment['hosts']
}

/** As many hosts as are needed, behind a balancer and a firewall; the monitoring has its own. */
export const serveTogether = (site: Site, ground: Ground, { zone, role, hosts }: Together) => {
  const { groups, network } = ground
  if (!groups.balancer || !groups.monitor) throw new Error('single has no doors for a balancer')
  const balancer = balance(site, ground, groups.balancer.id, certify(site, zone))
  raiseFirewall(site, balancer.arn, ground.key)
  const group = runHosts(site, ground, {
    id: 'hosts',
    duty: 'app',
    ...hosts,
    stands: { subnets: network.private, group: groups.app.id },
    behind: [balancer.ready],
  })
  followSaturation(site, ground.topic, group.name)
  watchHosts(site, ground, group.name, hosts.least)
  runMonitoring(site, ground, groups.monitor.id)
  nameBalancer(site, zone, balancer, role)
  new TerraformOutput(site.stack, 'ready-hosts-group', { value: balancer.ready })
}

/** In the zone of its volume, alone: what it knows is on the volume, and the next one takes that. */
const runMonitoring = (site: Site, ground: Ground, group: string) => {
  const face = new NetworkInterface(site.stack, 'monitor-interface', {
    subnetId: ground.network.private[0] ?? '',
    securityGroups: [group],
    description: 'Where the monitoring is, whichever host is behind it',
    tags: { Name: `${site.name}-monitor` },
  })
  tellHosts(site, 'monitor', ground.key, 'Where the monitoring is', face.privateIp)
  runHosts(site, ground, {
    id: 'monitor',
    duty: 'monitor',
    machine: site.environment.monitoring.machine,
    diskGib: 30,
    least: 1,
    most: 1,
    stands: { interface: face.id, zone: ground.network.zone },
    behind: [],
  })
}

const watchHosts = (site: Site, ground: Ground, group: string, least: number) =>
  alarm(site, ground.topic, 'hosts-missing', {
    namespace: 'AWS/AutoScaling',
    metric: 'GroupInServiceInstances',
    of: { AutoScalingGroupName: group },
    statistic: 'Minimum',
    under: least,
    minutes: 10,
    silence: 'breaching',
    says: 'Fewer hosts serve than must: a new one does not come up. See its console output.',
  })
