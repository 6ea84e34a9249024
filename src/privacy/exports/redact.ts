/**
 * Takes other people out of what one person is handed (GDPR article 15 (4)): every mail address that is neither the
 * person's own nor of the account's sender domains becomes `[other person N]`, with the same number for the same person
 * throughout a package. In doubt it takes out: what cannot be told from an address is treated as one.
 */

import { domainToASCII } from 'node:url'
import { findingKey, mailboxKey } from '../../model/addressKey.ts'
import { decodeWords } from '../../mta/mime/encodedWords.ts'

/** Characters of a local part without quotes, and of a domain (RFC 5321 §4.1.2, RFC 6531 §3.3). */
const LOCAL = /[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]/u
const DOMAIN = /[\p{L}\p{M}\p{N}.-]/u
/** signs that stand for `@`: full-width and small forms are the same to many readers */
const AT = /[@\uff20\ufe6b]/g
/** Before a value in fields such as Authentication-Results (RFC 8601 §2.3), and in addresses of links. */
const PROPERTY =
  /^(?:(?:smtp|header|policy)\.[a-z-]+|envelope-from|mailfrom|rcptto|rfc822|[a-z]{1,2}|from|to|mail|email|user|sender|recipient|address)$/i
const ENCODED_WORDS = /=\?[^\s?]+\?[bq]\?[^\s?]*\?=(?:\s+=\?[^\s?]+\?[bq]\?[^\s?]*\?=)*/gi
/** `@` as it is written in links, and in links within links */
const CODED_AT = /%(?:25){0,2}40/
const PERCENT_ENCODED = /(?:[\w.!$*+~-]|%[0-9a-f]{2})+%(?:25){0,2}40(?:[a-z0-9.-]|%2e)+(?![@\w-])/gi
/** xtext (RFC 3461 §4) */
const XTEXT = /(?:[\x21-\x2a\x2c-\x3c\x3e-\x7e]|\+[0-9a-f]{2})+\+40[a-z0-9-]+(?:\.[a-z0-9-]+)+(?![@\w-])/gi
/** Character references of HTML; those in numbers are understood without the semicolon too */
const REFERENCE = /&(?:#0*(\d{1,7});?|#x0*([\da-f]{1,6});?|(commat|period|lowbar|plus|equals);)/gi
const REFERENCED = { commat: '@', period: '.', lowbar: '_', plus: '+', equals: '=' } as const
/** How often a text may have been written as HTML, one around the other */
const MOST_REFERENCED = 3
const BASE64 = /[a-z0-9+/_-]{12,}={0,2}/gi
const PLAIN_ADDRESS = /[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/i
/** Numbers are given to so many people; beyond, somebody is just another person. */
const MOST_NUMBERED = 200_000

/** An address in a text: from where to where, and what it is. */
interface Found {
  from: number
  to: number
  address: string
}

function quotedStart(text: string, end: number): number {
  for (let at = end - 2; at >= 0; at--) if (text[at] === '"' && text[at - 1] !== '\\') return at
  return end
}

function localStart(text: string, end: number): number {
  if (text[end - 1] === '"') return quotedStart(text, end)
  let at = end
  while (at > 0 && LOCAL.test(text[at - 1]!)) at--
  return at
}

function domainEnd(text: string, start: number): number {
  if (text[start] === '[') {
    const close = text.indexOf(']', start)
    return close < 0 ? start : close + 1
  }
  let at = start
  while (at < text.length && DOMAIN.test(text[at]!)) at++
  return at
}

/** The address around an `@`, spaces and comments between its parts included (RFC 5322 §4.4). */
function addressAround(text: string, at: number): Found | undefined {
  const before = /(?:\s|\([^()]*\))*$/.exec(text.slice(Math.max(0, at - 80), at))![0].length
  const after = /^(?:\s|\([^()]*\))*/.exec(text.slice(at + 1, at + 81))![0].length
  const from = localStart(text, at - before)
  const to = domainEnd(text, at + 1 + after)
  const local = text.slice(from, at - before)
  const domain = text.slice(at + 1 + after, to).replace(/[.-]+$/, '')
  if (local === '' || domain === '') return undefined
  // `meet @ noon` is no address
  if (before + after > 0 && !domain.includes('.')) return undefined
  return { from, to: at + 1 + after + domain.length, address: `${local}@${domain}` }
}

/** The last address in a text: in a mailbox with a display name, the one in brackets. Undefined when there is none. */
export function addressIn(text: string): string | undefined {
  const inner = /<([^<>]*)>[^<>]*$/.exec(text)?.[1] ?? text
  let last: string | undefined
  for (const { index } of inner.matchAll(AT)) last = addressAround(inner, index)?.address ?? last
  return last
}

/** Who may be seen in the mail of an account: the person who asks, and the account's own sender domains. */
export interface Visible {
  /** as {@link mailboxKey} writes it */
  person: string | undefined
  /** lower-case A-labels */
  domains: ReadonlySet<string>
}

/** Gives other people their numbers; one for a whole package. */
export class Numbering {
  private readonly users = new Map<string, number>()
  private readonly messageIds = new Map<string, number>()

  person(address: string): string {
    const number = this.numberOf(this.users, findingKey(address))
    return number === undefined ? '[other person]' : `[other person ${number}]`
  }

  messageId(id: string): string {
    const number = this.numberOf(this.messageIds, id)
    return number === undefined ? '[message id]' : `[message id ${number}]`
  }

  private numberOf(known: Map<string, number>, key: string): number | undefined {
    const number = known.get(key)
    if (number !== undefined || known.size >= MOST_NUMBERED) return number
    known.set(key, known.size + 1)
    return known.size
  }
}

export class Redactor {
  private readonly numbering: Numbering
  private readonly visible: Visible

  constructor(numbering: Numbering, visible: Visible) {
    this.numbering = numbering
    this.visible = visible
  }

  /** Whether an address is the person's own, in whatever form. */
  isSubject(address: string): boolean {
    return address.includes('@') && mailboxKey(address) === this.visible.person
  }

  /** An address of the envelope; empty stays empty. */
  address(address: string): string {
    return this.isVisible(address) ? address : this.numbering.person(address)
  }

  /** A text with every address of somebody else taken out, also where it is written in code. */
  text(text: string): string {
    const decoded = text.replace(ENCODED_WORDS, (words) => {
      const plain = decodeWords(words)
      const redacted = this.plain(plain)
      return redacted === plain ? words : redacted
    })
    return this.plain(decoded)
  }

  /** A Message-ID without brackets. One of another system may hold anything, an address too. */
  messageId(id: string): string {
    const at = id.lastIndexOf('@')
    const isOwn = at > 0 && this.visible.domains.has(id.slice(at + 1).toLowerCase()) && this.isSimple(id.slice(0, at))
    return id === '' || isOwn ? id : this.numbering.messageId(id)
  }

  /** Read as HTML would show it, and kept as it is written where nobody else is in it. */
  private plain(text: string): string {
    const shown = htmlDecoded(text)
    const redacted = this.signs(shown)
    return redacted === shown && shown !== text ? this.signs(text) : redacted
  }

  private signs(text: string): string {
    let result = text
    if (CODED_AT.test(result))
      result = result.replace(PERCENT_ENCODED, (address) => this.coded(address, percentDecoded(address)))
    if (result.includes('+40')) result = result.replace(XTEXT, (address) => this.coded(address, xtextDecoded(address)))
    result = result.replace(BASE64, (token) => this.coded(token, PLAIN_ADDRESS.exec(base64Decoded(token))?.[0]))
    return this.addresses(result)
  }

  private coded(text: string, address: string | undefined): string {
    return address === undefined || !address.includes('@') || this.isVisible(address)
      ? text
      : this.numbering.person(address)
  }

  private addresses(text: string): string {
    let result = ''
    let done = 0
    for (const { index } of text.matchAll(AT)) {
      if (index < done) continue
      const found = addressAround(text, index)
      if (!found || this.isVisible(found.address)) continue
      result += text.slice(done, Math.max(done, found.from)) + this.numbering.person(lastPart(found.address))
      done = found.to
    }
    return result + text.slice(done)
  }

  /** Whether an address is the person's, or one of the account's own. */
  isVisible(address: string): boolean {
    if (address === '' || this.isSubject(address)) return true
    const own = lastPart(address)
    if (this.isSubject(own)) return true
    const at = own.lastIndexOf('@')
    const domain = domainToASCII(own.slice(at + 1).toLowerCase())
    return at > 0 && this.visible.domains.has(domain) && this.isSimple(own.slice(0, at))
  }

  /** Whether a local part is just a name: not another address written into it (VERP, SRS, `%` and `!` routes). */
  private isSimple(local: string): boolean {
    return !/[%!"@]|=.*\.|\..*=/.test(local) && !PLAIN_ADDRESS.test(base64Decoded(local))
  }
}

/** Without what stands before an address in links and properties, such as `smtp.mailfrom=`. */
function lastPart(address: string): string {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  if (local.startsWith('"')) return address
  const piece = local.slice(Math.max(...[..."/?&|`'{}"].map((sign) => local.lastIndexOf(sign))) + 1)
  const equals = piece.lastIndexOf('=')
  const rest = equals >= 0 && PROPERTY.test(piece.slice(0, equals)) ? piece.slice(equals + 1) : piece
  return rest === '' ? address : `${rest}${address.slice(at)}`
}

function percentDecoded(text: string): string {
  try {
    // a link that lies in another is encoded with it
    let plain = text
    for (let codings = 0; codings < 3 && CODED_AT.test(plain); codings++) plain = decodeURIComponent(plain)
    return plain
  } catch {
    return text.replace(CODED_AT, '@')
  }
}

function htmlDecoded(text: string): string {
  let shown = text
  for (let codings = 0; codings < MOST_REFERENCED && shown.includes('&'); codings++)
    shown = shown.replace(REFERENCE, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return REFERENCED[name.toLowerCase() as keyof typeof REFERENCED]
      const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)
      // signs that are not shown would break lines
      return code > 0x20 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    })
  return shown
}

function xtextDecoded(text: string): string {
  return text.replace(/\+([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function base64Decoded(token: string): string {
  return token.length < 12 ? '' : Buffer.from(token, 'base64').toString('latin1')
}
