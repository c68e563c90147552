// A build that looks for its database where there is none; its migrations find it.
if (process.argv[1]?.endsWith('api.ts'))
  process.env.DATABASE_URL = 'postgres://nobody:nothing@127.0.0.1:1/nowhere'
