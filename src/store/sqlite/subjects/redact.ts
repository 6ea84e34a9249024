/** Takes a person out of texts: every variant of the address, and in fields of addresses the name before it. */

import { isUtf8 } from 'node:buffer'
import { eachAddress } from './addresses.ts'
import { base64Texts, replaceBase64 } from './base64.ts'
import { encodedTexts, mapEncoded } from './encodedWords.ts'

/** Tells whether the key of an address is the person's. */
export type IsSubject = (key: string) => boolean

/** What stands where the person was. */
export const REMOVED = '[removed]'

/** Fields whose value is addresses with names (RFC 5322 §3.6.2 and 3.6.3, and what programs add). */
const ADDRESS_FIELD =
  /^(?:(?:resent-|x-)?(?:from|sender|reply-to|to|cc|bcc|original-to|original-from|envelope-to|envelope-from|forwarded-to|forwarded-for|rcpt-to)|return-path|disposition-notification-to|return-receipt-to|errors-to|delivered-to|mail-followup-to|mail-reply-to|apparently-to)[ \t]*:/i

/** Characters of a name, encoded and folded; a line has 998 (RFC 5322 §2.1.1). */
const LONGEST_NAME = 1000
const CLOSING = /[ \t]*>/y
const COMMENT = /\s*\((?:[^()\\]|\\.)*\)/y

interface Span {
  start: number
  end: number
}

function spansOf(text: string, isSubject: IsSubject): Span[] {
  const spans: Span[] = []
  eachAddress(text, (key, start, end) => {
    if (!isSubject(key)) return false
    spans.push({ start, end })
    return true
  })
  return spans
}

/** Whether a text names the person, in encoded words and in base64 too. */
export function names(text: string, isSubject: IsSubject): boolean {
  const isNamed = (said: string) => spansOf(said, isSubject).length > 0
  // most is said in plain: nothing is decoded for that
  return isNamed(text) || isNamed(encodedTexts(text)) || isNamed(base64Texts(text))
}

function cut(text: string, spans: readonly Span[]): string {
  let result = ''
  let from = 0
  for (const { start, end } of spans) {
    // a name before an address may reach into the one before it
    if (end <= from) continue
    result += start < from ? '' : `${text.slice(from, start)}${REMOVED}`
    from = end
  }
  return result + text.slice(from)
}

/** The text without the person. */
export function redactText(text: string, isSubject: IsSubject): string {
  return withoutCoded(cut(text, spansOf(text, isSubject)), isSubject)
}

/** The text without the person where it is encoded. */
function withoutCoded(text: string, isSubject: IsSubject): string {
  const plain = mapEncoded(text, (said) => cut(said, spansOf(said, isSubject)))
  return replaceBase64(plain, (said) => spansOf(said, isSubject).length > 0, REMOVED)
}

/** The text of a JSON value, or any other text, without the person. */
export function redactJson(text: string, isSubject: IsSubject): string {
  if (!names(text, isSubject) && !text.includes('\\')) return text
  try {
    const value = JSON.parse(text) as unknown
    const redacted = redactStrings(value, isSubject)
    return JSON.stringify(redacted) === JSON.stringify(value) ? text : JSON.stringify(redacted)
  } catch {
    return redactText(text, isSubject)
  }
}

function redactStrings(value: unknown, isSubject: IsSubject): unknown {
  if (typeof value === 'string') return redactText(value, isSubject)
  if (Array.isArray(value)) return value.map((one) => redactStrings(one, isSubject))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [redactText(key, isSubject), redactStrings(one, isSubject)]),
  )
}

/** A header block without the person. Fields that do not name the person stay as they are, byte for byte. */
export function redactHeaders(block: Uint8Array, isSubject: IsSubject): Uint8Array {
  const fields = Buffer.from(block)
    .toString('latin1')
    .split(/(?<=\n)(?![ \t])/)
  const redacted = fields.map((field) => redactField(field, isSubject))
  return redacted.some((field, index) => field !== fields[index])
    ? new Uint8Array(Buffer.from(redacted.join(''), 'latin1'))
    : block
}

function redactField(field: string, isSubject: IsSubject): string {
  const bytes = Buffer.from(field, 'latin1')
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const text = bytes.toString(encoding)
  if (!names(text, isSubject)) return field
  const spans = spansOf(text, isSubject)
  const wide = ADDRESS_FIELD.test(text) ? spans.map((span) => withName(text, span)) : spans
  return Buffer.from(withoutCoded(cut(text, wide), isSubject), encoding).toString('latin1')
}

/** The address in a field of addresses, with the name before it and the comment after it. */
function withName(text: string, { start, end }: Span): Span {
  if (text.charAt(start - 1) !== '<') return { start, end: behind(COMMENT, text, end) }
  return { start: beginOfName(text, start - 1), end: behind(COMMENT, text, behind(CLOSING, text, end)) }
}

/** Back from the `<` to the end of the address before, or of the field's name. Quoted names may have commas. */
function beginOfName(text: string, angle: number): number {
  const bound = Math.max(0, angle - LONGEST_NAME)
  let at = angle
  let quoted = false
  while (at > bound) {
    const before = text.charAt(at - 1)
    if (before === '"' && text.charAt(at - 2) !== '\\') quoted = !quoted
    else if (!quoted && ',;:<>'.includes(before)) break
    at--
  }
  while (at < angle && /\s/.test(text.charAt(at))) at++
  return at
}

/** Where what the pattern (sticky) matches at a place ends; the place itself when it does not. */
function behind(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}
