import { migrate } from './kernel/migrate.ts'
import { orExplain } from './process.ts'
import { withSecretFiles } from './secret-files.ts'

const url = orExplain(() => {
  const { DATABASE_URL } = withSecretFiles(process.env, ['DATABASE_URL'])
  if (!DATABASE_URL)
    throw new Error('Set DATABASE_URL first: postgres://user:password@host:5432/name')
  return DATABASE_URL
})

const done = await migrate(url)
process.stdout.write(done.length === 0 ? 'The schema is current.\n' : `${done.join('\n')}\n`)
