import { SsmDocument } from '@cdktf/provider-aws/lib/ssm-document/index.js'
import type { Site } from './site.ts'

export const RELEASE_DOCUMENT = 'AeroFlash-Deploy'

/** All that can be asked of a host from outside: one script, two words, each of a known shape. */
export const releaseDocument = {
  schemaVersion: '2.2',
  description:
    'Releases AeroFlash on this host, takes the last release back, or brings the schema up to it',
  parameters: {
    Verb: {
      type: 'String',
      allowedValues: ['deploy', 'rollback', 'migrate'],
      allowedPattern: '^[a-z]+$',
    },
    Release: {
      type: 'String',
      description: 'The commit that is released; for rollback, the one that is left',
      allowedPattern: '^[0-9a-f]{40}$',
    },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'release',
      precondition: { StringEquals: ['platformType', 'Linux'] },
      inputs: {
        timeoutSeconds: '1800',
        runCommand: ['/usr/local/bin/aeroflash-release {{ Verb }} {{ Release }}'],
      },
    },
  ],
}

export const offerRelease = (site: Site) =>
  new SsmDocument(site.stack, 'release', {
    name: RELEASE_DOCUMENT,
    documentType: 'Command',
    documentFormat: 'JSON',
    targetType: '/AWS::EC2::Instance',
    content: JSON.stringify(releaseDocument),
  })
