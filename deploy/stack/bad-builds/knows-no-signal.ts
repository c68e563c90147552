// A build as it was before event streams could be ended by a signal: a release begins it anew instead.
const listen = process.on.bind(process) as (event: string, listener: () => void) => NodeJS.Process

process.on = ((event: string, listener: () => void) =>
  event === 'SIGUSR2' ? process : listen(event, listener)) as typeof process.on
