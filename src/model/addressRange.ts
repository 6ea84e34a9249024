/** IP addresses and ranges of them (CIDR, RFC 4632, RFC 4291), without the help of Node. */

/** A range of addresses. IPv4 is kept in its IPv6-mapped form, so that one comparison serves both. */
export interface AddressRange {
  /** eight groups of 16 bits */
  groups: number[]
  /** bits that must agree, 0-128 */
  prefix: number
}

const MAPPED_BITS = 96

function parseV4(text: string): number[] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  const bytes = match.slice(1).map(Number)
  // a leading zero means octal to some readers: refused instead of guessed
  if (match.slice(1).some((part, i) => bytes[i]! > 255 || (part.length > 1 && part.startsWith('0')))) return undefined
  return [(bytes[0]! << 8) | bytes[1]!, (bytes[2]! << 8) | bytes[3]!]
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const tail = parts.at(-1)!.includes('.') ? parseV4(parts.pop()!) : []
  if (!tail || !parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined
  return [...parts.map((part) => Number.parseInt(part, 16)), ...tail]
}

function parseV6(text: string): number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const left = parseGroups(halves[0]!)
  const right = halves.length === 2 ? parseGroups(halves[1]!) : []
  if (!left || !right) return undefined
  // an embedded IPv4 address may stand at the very end only
  if (halves.length === 2 && halves[0]!.includes('.')) return undefined
  const missing = 8 - left.length - right.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  return [...left, ...new Array<number>(missing).fill(0), ...right]
}

/** Reads an IPv4 or IPv6 address as eight groups of 16 bits; undefined when it is none. */
export function parseAddress(text: string): number[] | undefined {
  if (text.includes(':')) return parseV6(text)
  const v4 = parseV4(text)
  return v4 && [0, 0, 0, 0, 0, 0xffff, ...v4]
}

/** Whether a text is an IPv4 address in four decimal numbers. */
export function isV4(text: string): boolean {
  return parseV4(text) !== undefined
}

/** Whether a text is an IPv6 address. */
export function isV6(text: string): boolean {
  return text.includes(':') && parseV6(text) !== undefined
}

/** Reads a range such as `192.0.2.0/24`, `2001:db8::/32`, or a single address. Undefined when it is none. */
export function parseRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const groups = parseAddress(address)
  if (!groups) return undefined
  if (slash < 0) return { groups, prefix: 128 }
  const written = text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(written)) return undefined
  const prefix = Number(written) + (address.includes(':') ? 0 : MAPPED_BITS)
  return prefix <= 128 ? { groups, prefix } : undefined
}

/** Whether an address (as {@link parseAddress} gives it) lies in a range. */
export function isInRange(address: readonly number[], { groups, prefix }: AddressRange): boolean {
  const whole = prefix >> 4
  for (let i = 0; i < whole; i++) if (address[i] !== groups[i]) return false
  const rest = prefix & 15
  if (rest === 0) return true
  const shift = 16 - rest
  return address[whole]! >> shift === groups[whole]! >> shift
}

/**
 * Whom failures are counted for: an IPv4 address, or an IPv6 /64, whose last 64 bits clients choose as they like.
 * A text that is no address is one of its own.
 */
export function clientNetwork(address: string): string {
  const groups = address.includes(':') ? parseAddress(address) : undefined
  if (!groups) return address
  const network = groups.slice(0, 4).map((group) => group.toString(16))
  return `${network.join(':')}::/64`
}
