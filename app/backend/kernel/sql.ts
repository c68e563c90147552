/** A query as written: its name leads from a dashboard, a log line or a plan back to the source. */
export type Statement = { name: string; text: string; values: unknown[] }

const texts = new WeakMap<TemplateStringsArray, string>()

/**
 * The only way to write a query: sql('seats.hold')`update … where id = ${id}`.
 * The name becomes the prepared statement's name, the metric label and the SQL comment, so it must
 * be unique to its text (PostgreSQL keeps 63 bytes of it); values travel as parameters, never as text.
 */
export const sql =
  (name: string) =>
  (parts: TemplateStringsArray, ...values: unknown[]): Statement => ({
    name,
    text: textOf(name, parts),
    values,
  })

const textOf = (name: string, parts: TemplateStringsArray) => {
  const known = texts.get(parts)
  if (known !== undefined) return known
  const text = `/* q=${name} */ ${parts.reduce((text, part, i) => `${text}$${i}${part}`)}`
  texts.set(parts, text)
  return text
}
