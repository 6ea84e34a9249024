/**
 * Finds the addresses in a text, whatever stands around them: in header fields, in dialogues, in links and in links that
 * lie in links (`%40`, `%2540`), as HTML writes them (`&#64;`), inside other addresses (variable envelope return paths,
 * `bounces+tom=kestrel.example@…`). An address is told by the key of its mailbox
 * (model/addressKey.ts).
 */

import { mailboxKey } from '../../../model/addressKey.ts'

/** Characters an address may have before `@` (RFC 5322 atext and the dot), and after it; ASCII by code. */
const LOCAL = table("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-")
const DOMAIN = table('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-')
/** Characters that may belong to a local part, and more often stand before an address: in a link, in quotation marks. */
const BOUNDARY = table("!#$%&'*/=?^`{|}~")
/** What can stand before the address inside the local part of a return path. */
const RETURN_BOUNDARY = /[+-]/g
/** Characters of a local part that are looked at, of a domain, and how many readings of one local part. */
const LONGEST_LOCAL = 128
const LONGEST_DOMAIN = 255
const MOST_READINGS = 8
const BEYOND_ASCII = /[\p{L}\p{N}\p{M}\p{Cs}]/u
/** An `@`, also as it is written in links, in links within links, and in HTML */
const SIGN = /@|%(?:25){0,2}40|&(?:#0{0,6}64;?|#x0{0,6}40;?|commat;)/gi
/** How often a local part may have been encoded for a link */
const MOST_CODINGS = 3
const PERCENT = 0x25
const QUOTE = 0x22

function table(characters: string): Uint8Array {
  const is = new Uint8Array(128)
  for (const character of characters) is[character.charCodeAt(0)] = 1
  return is
}

function isIn(set: Uint8Array, text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code < 128 ? set[code] === 1 : BEYOND_ASCII.test(text.charAt(at)) || (code >= 0xd800 && code <= 0xdfff)
}

/** The address in what a person may have typed or pasted: `Tom Miller <tom@kestrel.example>`, `mailto:…`. */
export function addressIn(text: string): string {
  const inner = /<([^<>]*@[^<>]*)>/.exec(text)?.[1] ?? text
  return inner.trim().replace(/^mailto:/i, '')
}

/**
 * Calls back for every reading of every address in a text, with its key and where it stands. A callback that returns
 * true ends the readings of that address.
 */
export function eachAddress(
  text: string,
  visit: (key: string, start: number, end: number) => boolean | undefined,
): void {
  for (const { index: at, 0: sign } of text.matchAll(SIGN)) {
    const width = sign.length
    const end = endOfDomain(text, at + width)
    if (end === at + width) continue
    const domain = text.slice(at + width, end)
    if (text.charCodeAt(at - 1) === QUOTE) readQuoted(text, at, domain, end, visit)
    else readPlain(text, at, domain, end, visit)
  }
}

function endOfDomain(text: string, from: number): number {
  let end = from
  if (text.charAt(from) === '[') {
    const close = text.indexOf(']', from)
    return close < 0 || close - from > LONGEST_DOMAIN ? from : close + 1
  }
  while (end < text.length && end - from < LONGEST_DOMAIN && isIn(DOMAIN, text, end)) end++
  while (end > from && /[.-]/.test(text.charAt(end - 1))) end--
  return end
}

type Visit = Parameters<typeof eachAddress>[1]

function readQuoted(text: string, at: number, domain: string, end: number, visit: Visit): void {
  let start = at - 2
  while (start >= 0 && at - start < LONGEST_LOCAL && (text.charAt(start) !== '"' || text.charAt(start - 1) === '\\'))
    start--
  if (start >= 0 && text.charAt(start) === '"') visit(mailboxKey(`${text.slice(start, at)}@${domain}`), start, end)
}

function readPlain(text: string, at: number, domain: string, end: number, visit: Visit): void {
  let start = at
  while (start > 0 && at - start < LONGEST_LOCAL && isIn(LOCAL, text, start - 1)) start--
  if (start === at) return
  if (visit(mailboxKey(`${text.slice(start, at)}@${domain}`), start, end)) return
  let readings = 0
  let hasEquals = false
  let hasPercent = text.charCodeAt(at) === PERCENT
  for (let i = at - 1; i >= start && readings < MOST_READINGS; i--) {
    const code = text.charCodeAt(i)
    if (code >= 128 || BOUNDARY[code] !== 1) continue
    hasEquals ||= code === 0x3d
    hasPercent ||= code === PERCENT
    if (i + 1 === at) continue
    readings++
    if (visit(mailboxKey(`${text.slice(i + 1, at)}@${domain}`), i + 1, end)) return
    if (code === PERCENT && readNested(text, at, domain, { start: i, end }, visit)) return
  }
  const local = text.slice(start, at)
  if (hasPercent && readLink(local, domain, { start, end }, visit)) return
  if (hasEquals) readReturnPath(local, start, end, visit)
}

/** A local part as it is written in a link: `email=tom%2Bnews%40…`. */
function readLink(
  local: string,
  domain: string,
  { start, end }: { start: number; end: number },
  visit: Visit,
): boolean {
  const from = Math.max(local.lastIndexOf('='), local.lastIndexOf('/'), local.lastIndexOf('&')) + 1
  return visit(mailboxKey(`${linkDecoded(local.slice(from))}@${domain}`), start + from, end) === true
}

/** A local part after a sign of a link that lies in another link: `url=https%3A%2F%2Fx%3Femail%3Dtom%40…`. */
function readNested(
  text: string,
  at: number,
  domain: string,
  { start, end }: { start: number; end: number },
  visit: Visit,
): boolean {
  const width = /^%(?:25){0,2}[0-9a-f]{2}/i.exec(text.slice(start, start + 7))?.[0].length
  if (width === undefined || start + width >= at) return false
  const local = linkDecoded(text.slice(start + width, at))
  // an address that has more of the link before it begins at a later sign
  return !/[/:?&=]/.test(local) && visit(mailboxKey(`${local}@${domain}`), start + width, end) === true
}

function linkDecoded(text: string): string {
  let plain = text
  try {
    for (let codings = 0; codings < MOST_CODINGS && plain.includes('%'); codings++) plain = decodeURIComponent(plain)
  } catch {
    // no text of a link
  }
  return plain
}

/** An address inside the local part of another: `bounces+tom=kestrel.example`, `SRS0=x=y=kestrel.example=tom`. */
function readReturnPath(local: string, start: number, end: number, visit: Visit): void {
  const parts = local.split('=')
  if (/^SRS[01]/i.test(local) && parts.length >= 4) {
    if (visit(mailboxKey(`${parts.at(-1)}@${parts.at(-2)}`), start, end)) return
  }
  const split = local.lastIndexOf('=')
  const domain = local.slice(split + 1)
  const name = local.slice(0, split)
  if (!domain.includes('.') || name === '') return
  if (visit(mailboxKey(`${name}@${domain}`), start, end)) return
  let readings = 0
  for (const { index } of name.matchAll(RETURN_BOUNDARY)) {
    if (readings++ === MOST_READINGS || index + 1 === name.length) return
    if (visit(mailboxKey(`${name.slice(index + 1)}@${domain}`), start, end)) return
  }
}
