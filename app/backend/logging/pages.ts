import type pino from 'pino'

// A write for each line costs more than all else that is known of a request; so they go by the page,
// or a moment later.
const PAGE_CHARACTERS = 32_768
const PAGE_MS = 100

type Stdout = ReturnType<typeof pino.destination>

/**
 * Hands lines on by the page. The stream could collect them too, but measures all that it holds at each
 * line, which costs as much as the line. Whatever ends the process in an orderly way writes the last page.
 */
export const byPage = (stdout: Stdout) => {
  let lines: string[] = []
  let characters = 0
  let later: NodeJS.Timeout | undefined

  const turn = () => {
    clearTimeout(later)
    later = undefined
    if (lines.length === 0) return
    const page = lines.join('')
    lines = []
    characters = 0
    stdout.write(page)
  }
  // Before the stream's own listener, which closes it.
  process.prependListener('exit', turn)

  return {
    write: (line: string) => {
      lines.push(line)
      characters += line.length
      if (characters >= PAGE_CHARACTERS) turn()
      else later ??= setTimeout(turn, PAGE_MS).unref()
    },
    flush: (done: () => void) => {
      turn()
      stdout.flush(done)
    },
    flushSync: () => {
      turn()
      stdout.flushSync()
    },
  }
}
