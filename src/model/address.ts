/** Mail addresses as the envelope writes them (RFC 5321 §4.1.2, RFC 6531 §3.3). */

import { isV4, isV6 } from './addressRange.ts'

/** An address taken apart; every part as given. */
export interface Mailbox {
  /** local part, quotes included */
  local: string
  /** host name, or an address literal in square brackets */
  domain: string
}

/** A path in angle brackets: an address, or undefined for the empty one `<>`. */
export type PathResult =
  | { ok: true; mailbox: Mailbox | undefined /** where the path ends */; end: number }
  | { ok: false; problem: 'syntax' | 'route' | 'length' }

/** Longest address taken, octets: RFC 5321 §4.5.3.1.3 bounds a path with its brackets to 256. */
export const ADDRESS_OCTETS = 254

const ATOM = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u{a1}-\u{10ffff}-]+/uy
/** letters, digits, inner hyphens; beyond ASCII what IDNA makes of it decides */
const LABEL = /^[A-Za-z0-9\u{a1}-\u{10ffff}](?:[A-Za-z0-9\u{a1}-\u{10ffff}-]{0,61}[A-Za-z0-9\u{a1}-\u{10ffff}])?$/u
/** no part of any address: line ends, controls, invisible characters, and what stands for broken UTF-8 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd\ud800-\udfff]/u

/** Whether a text holds characters that no address may hold. */
export function hasUnsafeCharacters(text: string): boolean {
  return UNSAFE.test(text)
}

/** Length in octets of a text in UTF-8. */
export function utf8Length(text: string): number {
  let octets = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // a surrogate pair is two units and four octets
    if (unit >= 0x80) octets += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return octets
}

/** Whether a text goes beyond ASCII, and so needs SMTPUTF8 (RFC 6531). */
export function isInternational(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return true
  return false
}

/** Where a dot-string (`first.last`) that begins at `at` ends; `at` itself when there is none. */
function dotStringEnd(text: string, at: number): number {
  let position = at
  for (;;) {
    ATOM.lastIndex = position
    if (!ATOM.test(text)) return at
    position = ATOM.lastIndex
    if (text[position] !== '.') return position
    position++
  }
}

/** Where a quoted string that begins at `at` ends; `at` itself when it is none. */
function quotedEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const character = text[i]
    if (character === '"') return i + 1
    if (character === '\\') i++
  }
  return at
}

/** Whether a host name is written well. A name that could be taken for an IP address (last label a number) is not. */
export function isDomain(domain: string): boolean {
  if (domain.length === 0 || utf8Length(domain) > 255) return false
  const labels = domain.split('.')
  return labels.every((label) => LABEL.test(label)) && !/^(?:\d+|0x[0-9a-f]*)$/i.test(labels.at(-1)!)
}

/** Whether this is an address literal such as `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3). */
export function isAddressLiteral(domain: string): boolean {
  if (!domain.startsWith('[') || !domain.endsWith(']')) return false
  const inner = domain.slice(1, -1)
  return /^ipv6:/i.test(inner) ? isV6(inner.slice(5)) : isV4(inner)
}

/** Reads an address without brackets, such as `"john doe"@acme.example`. Undefined when it is none. */
export function parseMailbox(text: string): Mailbox | undefined {
  const end = text.startsWith('"') ? quotedEnd(text, 0) : dotStringEnd(text, 0)
  if (end === 0 || text[end] !== '@' || hasUnsafeCharacters(text)) return undefined
  const domain = text.slice(end + 1)
  if (!isDomain(domain) && !isAddressLiteral(domain)) return undefined
  return { local: text.slice(0, end), domain }
}

/** Where the bracket that closes a path stands; brackets inside quotes do not count. */
function closingBracket(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '>') return i
    if (text[i] === '"') {
      const end = quotedEnd(text, i)
      if (end === i) return -1
      i = end - 1
    }
  }
  return -1
}

/** Reads the path in angle brackets that begins at `at`. A source route is recognised, and not taken (RFC 5321 §3.6.1). */
export function parsePath(text: string, at: number): PathResult {
  const close = text[at] === '<' ? closingBracket(text, at + 1) : -1
  if (close < 0) return { ok: false, problem: 'syntax' }
  const inner = text.slice(at + 1, close)
  const end = close + 1
  if (inner === '') return { ok: true, mailbox: undefined, end }
  if (inner.startsWith('@')) return { ok: false, problem: 'route' }
  if (utf8Length(inner) > ADDRESS_OCTETS) return { ok: false, problem: 'length' }
  const mailbox = parseMailbox(inner)
  return mailbox ? { ok: true, mailbox, end } : { ok: false, problem: 'syntax' }
}

/** The address as one text, every part as given. */
export function formatMailbox({ local, domain }: Mailbox): string {
  return `${local}@${domain}`
}

/** A host name with a dot, as old routes wrote one inside the local part. */
const HOST = '[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+'
const ROUTE = new RegExp(`%${HOST}$|@${HOST}"?$|^"?[A-Za-z0-9.-]+!.`)

/**
 * Whether a local part asks the next host to send the mail on (`user%host@relay`, `host!user@relay`,
 * `"user@host"@relay`): forms some servers still obey, and a way around a route that rejects `host`.
 */
export function asksForRoute(local: string): boolean {
  return ROUTE.test(local)
}
