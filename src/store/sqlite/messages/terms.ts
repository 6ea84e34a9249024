/**
 * The terms of the search index, and queries over them. A term is a letter for its field and then lower-case letters
 * and digits only. Because each field has terms of its own, a filter on one field reads one list in order of id, newest
 * first, and stops when the page is full.
 *
 *   f t s   words of sender, recipients, subject (the last typed word may be the beginning of one)
 *   x y     whole sender, whole recipient        u v   domain of sender, of recipient
 *   a account   c status   i client address   m Message-ID   d in doubt
 *   p   an address anywhere in the record, as its key (person/addresses.ts), unless it is an x or y already
 */

import { findingKey, formerKey } from '../../../model/addressKey.ts'
import type { MessageStatus } from '../../../model/delivery.ts'
import type { MessageFilter } from '../../../model/filter.ts'
import { addressPattern, wordsOf } from '../../../model/match.ts'
import { codeOf } from '../thread/schema.ts'

const PLAIN = /^[\x20-\x7e]*$/
const MAX_WORD = 40

/** A word as index term: characters beyond a-z and 0-9 are written out, so that beginnings stay beginnings. */
function term(word: string): string {
  const short = word.slice(0, MAX_WORD)
  return PLAIN.test(short) ? short : short.replace(/[^a-z0-9]/gu, (c) => `q${c.codePointAt(0)!.toString(36)}q`)
}

/** A short fixed-length stand-in for a whole value (53 bits; hits are checked against the record). */
export function digest(value: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return ((b & 0x1fffff) * 4294967296 + (a >>> 0)).toString(36)
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

export interface Indexed {
  account: number
  sender: string
  recipients: string[]
  subject: string
  messageId: string
  status: MessageStatus
  clientAddress: string
  inDoubt: boolean
  /** keys of all addresses in the record, see person/record.ts */
  subjects: Iterable<string>
}

/** Every term of a record, separated by spaces. */
export function termsOf(record: Indexed): string {
  const terms = new Set<string>()
  const sender = record.sender.toLowerCase()
  terms.add(`x${digest(sender)}`).add(`u${digest(domainOf(sender))}`)
  for (const word of wordsOf(sender)) terms.add(`f${term(word)}`)
  for (const recipient of record.recipients) {
    const lower = recipient.toLowerCase()
    terms.add(`y${digest(lower)}`).add(`v${digest(domainOf(lower))}`)
    for (const word of wordsOf(lower)) terms.add(`t${term(word)}`)
  }
  for (const word of wordsOf(record.subject)) terms.add(`s${term(word)}`)
  terms.add(`a${record.account}`).add(`c${codeOf(record.status)}`)
  terms.add(`i${digest(record.clientAddress)}`)
  if (record.messageId) terms.add(`m${digest(record.messageId)}`)
  if (record.inDoubt) terms.add('d')
  for (const key of record.subjects) {
    const hash = digest(key)
    if (!terms.has(`x${hash}`) && !terms.has(`y${hash}`)) terms.add(`p${hash}`)
  }
  return [...terms].join(' ')
}

function addressQuery(value: string, word: string, whole: string, domain: string): string[] {
  const pattern = addressPattern(value)
  if (pattern.kind === 'whole') return [`${whole}${digest(pattern.address)}`]
  if (pattern.kind === 'domain') return [`${domain}${digest(pattern.domain)}`]
  return pattern.words.map((w) => `${word}${term(w)}*`)
}

/**
 * The FTS5 query of a filter, or undefined when the filter puts no condition on indexed fields.
 * `account` must be the account's id. The query may let through a few records too many, never one too few.
 */
export function queryOf(filter: MessageFilter, account: number | undefined): string | undefined {
  const parts: string[] = []
  if (filter.from !== undefined) parts.push(...addressQuery(filter.from, 'f', 'x', 'u'))
  if (filter.to !== undefined) parts.push(...addressQuery(filter.to, 't', 'y', 'v'))
  if (account !== undefined) parts.push(`a${account}`)
  if (filter.subject !== undefined) parts.push(...wordsOf(filter.subject).map((w) => `s${term(w)}*`))
  if (filter.messageId !== undefined) parts.push(`m${digest(filter.messageId)}`)
  if (filter.status !== undefined) parts.push(`c${codeOf(filter.status)}`)
  if (filter.ip !== undefined) parts.push(`i${digest(filter.ip)}`)
  if (filter.inDoubt) parts.push('d')
  if (filter.text !== undefined) parts.push(...textQuery(filter.text))
  return parts.length === 0 ? undefined : parts.join(' AND ')
}

/** The query of the records that name one of these keys, of one account and the relay's own when one is given. */
export function subjectQuery(keys: readonly string[], account: number | undefined): string {
  // days of before 2026-12 are indexed by the former keys
  const hashes = [...new Set(keys.flatMap((key) => [key, findingKey(key), formerKey(key)]))].map(digest)
  const named = hashes.flatMap((hash) => [`x${hash}`, `y${hash}`, `p${hash}`]).join(' OR ')
  return account === undefined ? named : `(${named}) AND (a${account} OR a0)`
}

function textQuery(text: string): string[] {
  if (addressPattern(text).kind === 'whole') {
    const hash = digest(text.trim().toLowerCase())
    return [`(x${hash} OR y${hash})`]
  }
  const words = wordsOf(text)
  return words.map((word, index) => {
    const t = term(word)
    const star = index === words.length - 1 ? '*' : ''
    return `(f${t}${star} OR t${t}${star} OR s${t}${star})`
  })
}
