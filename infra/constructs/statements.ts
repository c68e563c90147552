/** IAM in few words. Everything becomes plain JSON, so that policies can read what is granted. */
export type Statement = {
  Sid: string
  Effect: 'Allow' | 'Deny'
  Principal?: unknown
  Action: string[]
  Resource: string[] | string
  Condition?: Record<string, Record<string, unknown>>
}

type Grant = { actions: string[]; on: string[] | '*'; to?: unknown; when?: Statement['Condition'] }

const statement = (effect: Statement['Effect'], sid: string, grant: Grant): Statement => ({
  Sid: sid,
  Effect: effect,
  ...(grant.to === undefined ? {} : { Principal: grant.to }),
  Action: grant.actions,
  // As AWS itself writes it: of one, no list.
  Resource: grant.on.length === 1 ? (grant.on[0] ?? '*') : grant.on,
  ...(grant.when ? { Condition: grant.when } : {}),
})

export const allow = (sid: string, grant: Grant) => statement('Allow', sid, grant)
export const deny = (sid: string, grant: Grant) => statement('Deny', sid, grant)

export const policy = (...statements: Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

export const trust = (who: Record<string, string>, when?: Statement['Condition']) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: who,
        Action: 'sts:AssumeRole',
        ...(when ? { Condition: when } : {}),
      },
    ],
  })
