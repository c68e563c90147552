/** One entry of a calendar file; instants as ISO 8601 in UTC. */
export type CalendarEvent = {
  id: string
  starts_at: string
  ends_at: string
  title: string
  place: string
  note: string
}

/** A file of RFC 5545: lines of at most 75 octets, ended by CRLF; every calendar reads UTC. */
export const calendarOf = (events: CalendarEvent[], now: Date): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//AeroFlash//Booking//EN',
    ...events.flatMap((event) => entryOf(event, now)),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('')

const entryOf = ({ id, starts_at, ends_at, title, place, note }: CalendarEvent, now: Date) => [
  'BEGIN:VEVENT',
  `UID:${id}@aeroflash.example`,
  `DTSTAMP:${utc(now)}`,
  `DTSTART:${utc(new Date(starts_at))}`,
  `DTEND:${utc(new Date(ends_at))}`,
  `SUMMARY:${escaped(title)}`,
  `LOCATION:${escaped(place)}`,
  `DESCRIPTION:${escaped(note)}`,
  'END:VEVENT',
]

const utc = (instant: Date) => `${instant.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

const escaped = (text: string) =>
  text.replaceAll(/[\\;,]/g, (char) => `\\${char}`).replaceAll(/\r?\n/g, '\\n')

const OCTETS_MAX = 75
const octets = (text: string) => new TextEncoder().encode(text).length

// Between characters, never within one; what goes on begins with a space, which counts too.
const folded = (line: string) => {
  let width = 0
  return Array.from(line, (char) => {
    const own = octets(char)
    if (width + own <= OCTETS_MAX) {
      width += own
      return char
    }
    width = 1 + own
    return `\r\n ${char}`
  }).join('')
}

/** Hands a text to the person as a file. */
export const download = (name: string, text: string, type: string) => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = name
  link.click()
  // Not at once: the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
