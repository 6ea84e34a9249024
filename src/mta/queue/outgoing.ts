/**
 * What becomes of a submitted message before it is stored, and so before anybody sees it: the one place where this relay
 * touches a header. `Bcc`, `Resent-Bcc` (RFC 5322 §3.6.3: not for the other recipients) and `Return-Path` (RFC 5321
 * §4.4: for the last host to write) are taken out; a missing `Date` or `Message-ID` is put above (RFC 6409 §8.2, §8.3).
 * Every other byte stays as it was received.
 */

import type { Span } from '../../model/header.ts'

export interface Outgoing {
  /** goes above the message, after the trace field; every line ends in CRLF */
  added: string
  /** pieces of the header block that do not travel, in order */
  removed: Span[]
  /** the Message-ID that was added, without angle brackets */
  messageId: string | undefined
}

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09
const COLON = 0x3a

const unwanted: ReadonlySet<string> = new Set(['bcc', 'resent-bcc', 'return-path'])
const LONGEST_NAME = 'return-path'.length

/** The name of the field that begins at `at`, lower case; blanks before the colon are allowed (RFC 5322 §4.5). */
function nameAt(data: Uint8Array, at: number): string {
  let name = ''
  let position = at
  for (; name.length <= LONGEST_NAME; position++) {
    const octet = data[position]
    if (octet === undefined || octet <= SPACE || octet === COLON) break
    name += String.fromCharCode(octet)
  }
  while (data[position] === SPACE || data[position] === TAB) position++
  return data[position] === COLON ? name.toLowerCase() : ''
}

/**
 * Looks through a header block, in one pass.
 * @param headerLength octets of the block with the empty line that ends it
 * @param acceptedAt milliseconds, Unix time
 * @param messageId to give, without angle brackets, where there is none
 */
export function outgoing(data: Buffer, headerLength: number, acceptedAt: number, messageId: string): Outgoing {
  const removed: Span[] = []
  let field: Span | undefined
  let hasDate = false
  let hasMessageId = false
  for (let at = 0, next: number; at < headerLength && data[at] !== CR; at = next) {
    const end = data.indexOf(LF, at)
    next = end < 0 || end >= headerLength ? headerLength : end + 1
    if (data[at] === SPACE || data[at] === TAB) {
      if (field) field.end = next
      continue
    }
    const name = nameAt(data, at)
    field = unwanted.has(name) ? { start: at, end: next } : undefined
    if (field) removed.push(field)
    hasDate ||= name === 'date'
    hasMessageId ||= name === 'message-id'
  }
  const date = hasDate ? '' : `Date: ${new Date(acceptedAt).toUTCString().replace('GMT', '+0000')}\r\n`
  const added = hasMessageId ? date : `${date}Message-ID: <${messageId}>\r\n`
  return { added, removed, messageId: hasMessageId ? undefined : messageId }
}

/** The message as it travels: what goes above, then what was received without what does not travel. */
export function assembleBody(above: string, data: Uint8Array, removed: readonly Span[]): Uint8Array {
  const top = Buffer.from(above, 'utf8')
  const gone = removed.reduce((sum, { start, end }) => sum + end - start, 0)
  const body = new Uint8Array(top.length + data.length - gone)
  body.set(top, 0)
  let to = top.length
  let from = 0
  for (const { start, end } of [...removed, { start: data.length, end: data.length }]) {
    body.set(data.subarray(from, start), to)
    to += start - from
    from = end
  }
  return body
}
