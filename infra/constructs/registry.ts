import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy/index.js'
import { EcrReplicationConfiguration } from '@cdktf/provider-aws/lib/ecr-replication-configuration/index.js'
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository/index.js'
import { EcrRepositoryCreationTemplate } from '@cdktf/provider-aws/lib/ecr-repository-creation-template/index.js'
import type { Key } from './key.ts'
import type { Site } from './site.ts'

export const IMAGES = ['api', 'nginx']

const KEEP = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'The last fifty: enough to go back a long way',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 50 },
      action: { type: 'expire' },
    },
  ],
})

/** Where images are. What a tag means never changes, and each is looked through when it arrives. */
export const keepImages = (site: Site, key: Key) =>
  IMAGES.map((image) => {
    const repository = new EcrRepository(site.stack, `images-${image}`, {
      name: `aeroflash/${image}`,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: 'KMS', kmsKey: key.arn }],
      forceDelete: !site.environment.protected,
    })
    new EcrLifecyclePolicy(site.stack, `images-${image}-kept`, {
      repository: repository.name,
      policy: KEEP,
    })
    return repository
  })

/** Every image also in the region away, under that region's key. */
export const copyImages = (site: Site, away: Site, key: Key) => {
  const template = new EcrRepositoryCreationTemplate(site.stack, 'images-away', {
    ...away.at,
    prefix: 'aeroflash',
    description: 'What arrives from the first region',
    appliedFor: ['REPLICATION'],
    imageTagMutability: 'IMMUTABLE',
    encryptionConfiguration: [{ encryptionType: 'KMS', kmsKey: key.arn }],
    lifecyclePolicy: KEEP,
  })
  new EcrReplicationConfiguration(site.stack, 'images-copied', {
    replicationConfiguration: {
      rule: [
        {
          destination: [{ region: away.region, registryId: site.account }],
          repositoryFilter: [{ filter: 'aeroflash/', filterType: 'PREFIX_MATCH' }],
        },
      ],
    },
    dependsOn: [template],
  })
}
