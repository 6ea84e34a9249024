/** The header block of a message (RFC 5322 §2.2): where it ends, whether it keeps the limits, and the fields intake needs. */

/** A piece of a byte array, from `start` up to but not including `end`. */
export interface Span {
  start: number
  end: number
}

export interface HeaderLimits {
  /** the whole block, octets */
  blockOctets: number
  fields: number
  /** one line without its CRLF, octets (RFC 5322 §2.1.1) */
  lineOctets: number
}

export const defaultHeaderLimits: HeaderLimits = { blockOctets: 256 * 1024, fields: 1000, lineOctets: 998 }

export type HeaderError = 'block' | 'fields' | 'line' | 'start'

export interface HeaderScan {
  /** octets of the block with the empty line that ends it */
  length: number
  fields: number
  /** how many hops have signed it: Received fields */
  received: number
  /** values of every From field, folding included */
  from: Span[]
  /** values of the first of each */
  messageId: Span | undefined
  subject: Span | undefined
  /** the first limit that is broken; `start`: the message begins with a folded line that continues nothing */
  fault: HeaderError | undefined
}

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
const TAB = 0x09
const COLON = 0x3a
/** turns an ASCII letter into lower case */
const LOWER = 0x20

function codes(name: string): number[] {
  return [...name].map((character) => character.charCodeAt(0))
}

const names = {
  from: codes('from'),
  received: codes('received'),
  subject: codes('subject'),
  messageId: codes('message-id'),
}

/** Where the value begins when the field at `at` has this name (blanks before the colon allowed, RFC 5322 §4.5), else -1. */
function valueAfter(data: Uint8Array, at: number, name: readonly number[]): number {
  for (let i = 0; i < name.length; i++) {
    const wanted = name[i]!
    const octet = data[at + i]!
    if ((wanted === 0x2d ? octet : octet | LOWER) !== wanted) return -1
  }
  let position = at + name.length
  while (data[position] === SPACE || data[position] === TAB) position++
  return data[position] === COLON ? position + 1 : -1
}

/** Takes note of the field that begins at `at`. Returns the span of its value when it is wanted, for its end to be set. */
function noteField(scan: HeaderScan, data: Uint8Array, at: number): Span | undefined {
  let value: number
  switch (data[at]! | LOWER) {
    case 0x66:
      value = valueAfter(data, at, names.from)
      if (value < 0) return undefined
      return scan.from[scan.from.push({ start: value, end: value }) - 1]
    case 0x72:
      if (valueAfter(data, at, names.received) >= 0) scan.received++
      return undefined
    case 0x73:
      value = valueAfter(data, at, names.subject)
      if (value < 0 || scan.subject) return undefined
      scan.subject = { start: value, end: value }
      return scan.subject
    case 0x6d:
      value = valueAfter(data, at, names.messageId)
      if (value < 0 || scan.messageId) return undefined
      scan.messageId = { start: value, end: value }
      return scan.messageId
    default:
      return undefined
  }
}

/**
 * Reads the header block in one pass. Lines must end in CRLF. A message without an empty line is all header.
 * A line that is no field does not end the block: whatever a lenient reader might still take for a field is seen.
 */
export function scanHeader(data: Uint8Array, limits: HeaderLimits = defaultHeaderLimits): HeaderScan {
  const scan: HeaderScan = {
    length: data.length,
    fields: 0,
    received: 0,
    from: [],
    messageId: undefined,
    subject: undefined,
    fault: undefined,
  }
  const bound = Math.min(data.length, limits.blockOctets + 2)
  let field: Span | undefined
  let at = 0
  while (at < data.length) {
    if (data[at] === CR) {
      scan.length = at + 2
      break
    }
    let end = at
    while (end < bound && data[end] !== LF) end++
    if (end >= bound && bound < data.length) {
      scan.fault ??= 'block'
      return scan
    }
    // `end` stands on the LF, or behind the last byte of a message without an end of line
    const text = end > at && data[end - 1] === CR ? end - 1 : end
    if (text - at > limits.lineOctets) scan.fault ??= 'line'
    const first = data[at]!
    if (first !== SPACE && first !== TAB) {
      if (++scan.fields > limits.fields) scan.fault ??= 'fields'
      field = noteField(scan, data, at)
    } else if (at === 0) scan.fault ??= 'start'
    if (field) field.end = text
    at = end + 1
  }
  if (scan.length > limits.blockOctets) scan.fault ??= 'block'
  return scan
}
