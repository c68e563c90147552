/** Watches a flight's status as a page does, and keeps what it hears. */
export const watchStatus = (apiUrl: string, flightId: string) => {
  const heard: { seq: number; status: string }[] = []
  const leaving = new AbortController()
  let isOpen = true

  const listen = async () => {
    const { signal } = leaving
    const { body } = await fetch(`${apiUrl}/api/flights/${flightId}/status/events`, { signal })
    let rest = ''
    for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
      const events = (rest + piece).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1]
        if (data) heard.push(JSON.parse(data) as (typeof heard)[number])
      }
    }
  }
  const ended = listen()
    .catch(() => undefined)
    .finally(() => (isOpen = false))

  return {
    heard,
    isOpen: () => isOpen,
    leave: async () => {
      leaving.abort()
      await ended
    },
  }
}
