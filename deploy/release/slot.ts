export type Colour = 'blue' | 'green'

export const otherThan = (colour: Colour): Colour => (colour === 'blue' ? 'green' : 'blue')

/** How many containers of each colour answer. */
export type Strength = Record<Colour, number>

/** The file for Nginx by which all traffic goes to one colour. */
export const allTo = (colour: Colour) => `include conf.d/upstream-${colour}.conf;\n`

/**
 * The file by which so many percent of all clients go to the other colour; who went there once goes there
 * again. A name stands for as many servers as it has containers, so weights are per container.
 */
export const sliceTo = (
  fresh: Colour,
  percent: number,
  containers: Strength,
  upstreams: Record<Colour, string>,
) => {
  const old = otherThan(fresh)
  const weights = { [old]: (100 - percent) * containers[fresh], [fresh]: percent * containers[old] }
  const shared = weights[old]! > 0 ? divisor(weights[old]!, weights[fresh]!) : 1
  const server = (colour: Colour) =>
    `  server ${serverIn(upstreams[colour])} weight=${weights[colour]! / shared};\n`
  return (
    `# ${percent} % of clients to ${fresh}; all belongs to ${old}\n` +
    `upstream api {\n  hash $limited_client;\n${server(old)}${server(fresh)}  include upstream.conf;\n}\n`
  )
}

// The address is the machine's, and stands in the file of its colour alone.
const serverIn = (upstream: string) => {
  const [, server] = /^\s*server ([^;]+);/m.exec(upstream) ?? []
  if (!server) throw new Error(`No server in the upstream of Nginx:\n${upstream}`)
  return server
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** Whose traffic it is; `isWhole` is false while another has a slice of it. */
export type Slot = { active: Colour; isWhole: boolean }

export const readSlot = (text: string): Slot => {
  const [, whole] = /^include conf\.d\/upstream-(blue|green)\.conf;/m.exec(text) ?? []
  if (whole) return { active: whole as Colour, isWhole: true }
  const [, owner] = /all belongs to (blue|green)/.exec(text) ?? []
  if (owner) return { active: owner as Colour, isWhole: false }
  throw new Error(`Nginx's slot file says neither blue nor green:\n${text}`)
}
