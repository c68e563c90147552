import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate/index.js'
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation/index.js'
import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone/index.js'
import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check/index.js'
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import type { Site } from './site.ts'

/** The zone belongs to whoever owns the domain; we add to it. */
export const findZone = (site: Site) =>
  new DataAwsRoute53Zone(site.stack, 'zone', { name: site.environment.zone }).zoneId

export const nameAddress = (site: Site, zone: string, address: string) =>
  new Route53Record(site.stack, 'site', {
    zoneId: zone,
    name: site.environment.domain,
    type: 'A',
    ttl: 60,
    records: [address],
  })

/** A certificate that renews itself, proved by a record in the zone. */
export const certify = (site: Site, zone: string) => {
  const certificate = new AcmCertificate(site.stack, 'certificate', {
    domainName: site.environment.domain,
    validationMethod: 'DNS',
    lifecycle: { createBeforeDestroy: true },
  })
  const proof = certificate.domainValidationOptions.get(0)
  const record = new Route53Record(site.stack, 'certificate-proof', {
    zoneId: zone,
    name: proof.resourceRecordName,
    type: proof.resourceRecordType,
    ttl: 300,
    records: [proof.resourceRecordValue],
    allowOverwrite: true,
  })
  return new AcmCertificateValidation(site.stack, 'certificate-proved', {
    certificateArn: certificate.arn,
    validationRecordFqdns: [record.fqdn],
  }).certificateArn
}

type Balancer = { name: string; zone: string }

/**
 * Of two regions, the first that is ready answers. In any other topology there is one record. The
 * balancer's own name is what is asked: the site's name would lead to the region that answers now.
 */
export const nameBalancer = (
  site: Site,
  zone: string,
  balancer: Balancer,
  role: 'only' | 'PRIMARY' | 'SECONDARY',
) => {
  const fails = role !== 'only'
  const health = fails
    ? new Route53HealthCheck(site.stack, 'ready-seen-from-outside', {
        type: 'HTTPS',
        fqdn: balancer.name,
        port: 443,
        resourcePath: '/api/readyz',
        enableSni: true,
        requestInterval: 10,
        failureThreshold: 3,
        tags: { Name: `${site.name}-${site.region}` },
      })
    : undefined
  new Route53Record(site.stack, 'site', {
    zoneId: zone,
    name: site.environment.domain,
    type: 'A',
    alias: { name: balancer.name, zoneId: balancer.zone, evaluateTargetHealth: true },
    ...(health && fails
      ? {
          setIdentifier: role.toLowerCase(),
          failoverRoutingPolicy: { type: role },
          healthCheckId: health.id,
        }
      : {}),
  })
}
