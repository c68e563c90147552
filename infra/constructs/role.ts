import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js'
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js'
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js'
import type { Site } from './site.ts'
import { policy, type Statement, trust } from './statements.ts'

type Role = {
  description: string
  trusts: Record<string, string>
  when?: Statement['Condition']
  may?: Statement[]
  managed?: string[]
}

/** A role, whom it trusts, and what it may. Names are per region: roles are not. */
export const makeRole = (site: Site, id: string, it: Role) => {
  const role = new IamRole(site.stack, `role-${id}`, {
    name: `${site.name}-${site.region}-${id}`,
    description: it.description,
    assumeRolePolicy: trust(it.trusts, it.when),
  })
  if (it.may?.length)
    new IamRolePolicy(site.stack, `role-${id}-may`, {
      role: role.id,
      name: 'may',
      policy: policy(...it.may),
    })
  for (const name of it.managed ?? [])
    new IamRolePolicyAttachment(site.stack, `role-${id}-${name.split('/').at(-1)}`, {
      role: role.name,
      policyArn: `arn:aws:iam::aws:policy/${name}`,
    })
  return role
}
