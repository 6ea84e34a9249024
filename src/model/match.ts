/** Whether a line of the log matches a filter: the meaning that search index, live tail and queue all follow. */

import type { MessageStatus } from './delivery.ts'
import type { MessageFilter } from './filter.ts'
import { type MessageId, parseId } from './id.ts'

const MARKS = /\p{M}+/gu
const WORD = /[\p{L}\p{N}]+/gu
const PLAIN = /^[\x20-\x7e]*$/

/** The words of a text: runs of letters and digits, lower case, without accents. */
export function wordsOf(text: string): string[] {
  const lower = text.toLowerCase()
  if (PLAIN.test(lower)) return lower.match(/[a-z0-9]+/g) ?? []
  return lower.normalize('NFKD').replace(MARKS, '').match(WORD) ?? []
}

/** How an address filter is meant: `tom@kestrel.example` whole, `@kestrel.example` a domain, else words of it. */
export type AddressPattern =
  | { kind: 'whole'; address: string }
  | { kind: 'domain'; domain: string }
  | { kind: 'words'; words: string[] }

/** Reads an address filter. */
export function addressPattern(value: string): AddressPattern {
  const lower = value.trim().toLowerCase().replace(/^<|>$/g, '')
  if (/^@[^@\s]+$/.test(lower)) return { kind: 'domain', domain: lower.slice(1) }
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(lower)) return { kind: 'whole', address: lower }
  return { kind: 'words', words: wordsOf(lower) }
}

/** What of a message a filter looks at. */
export interface Matchable {
  id: MessageId
  /** account name */
  account: string
  from: string
  to: readonly string[]
  subject: string
  messageId: string
  size: number
  status: MessageStatus
  acceptedAt: number
  inDoubt: boolean
  clientAddress: string
}

function beginsAny(words: readonly string[], beginning: string): boolean {
  return words.some((word) => word.startsWith(beginning))
}

function addressMatches(value: string, addresses: readonly string[]): boolean {
  const pattern = addressPattern(value)
  if (pattern.kind === 'whole') return addresses.some((address) => address.toLowerCase() === pattern.address)
  if (pattern.kind === 'domain')
    return addresses.some((address) => address.toLowerCase().endsWith(`@${pattern.domain}`))
  const words = addresses.flatMap(wordsOf)
  return pattern.words.every((word) => beginsAny(words, word))
}

function textMatches(text: string, row: Matchable): boolean {
  if (addressPattern(text).kind === 'whole') return addressMatches(text, [row.from, ...row.to])
  const words = [row.from, ...row.to, row.subject].flatMap(wordsOf)
  const wanted = wordsOf(text)
  return wanted.every((word, i) => (i === wanted.length - 1 ? beginsAny(words, word) : words.includes(word)))
}

/** Whether every part of the filter holds for the row. */
export function matches(filter: MessageFilter, row: Matchable): boolean {
  return (
    (filter.id === undefined || parseId(filter.id) === row.id) &&
    (filter.account === undefined || filter.account.toLowerCase() === row.account) &&
    (filter.status === undefined || filter.status === row.status) &&
    (filter.ip === undefined || filter.ip === row.clientAddress) &&
    (filter.messageId === undefined || filter.messageId === row.messageId) &&
    (filter.since === undefined || row.acceptedAt >= filter.since) &&
    (filter.until === undefined || row.acceptedAt < filter.until) &&
    (filter.largerThan === undefined || row.size > filter.largerThan) &&
    (filter.smallerThan === undefined || row.size < filter.smallerThan) &&
    (!filter.inDoubt || row.inDoubt) &&
    (filter.from === undefined || addressMatches(filter.from, [row.from])) &&
    (filter.to === undefined || addressMatches(filter.to, row.to)) &&
    (filter.subject === undefined || subjectMatches(filter.subject, row.subject)) &&
    (filter.text === undefined || textMatches(filter.text, row))
  )
}

function subjectMatches(value: string, subject: string): boolean {
  const words = wordsOf(subject)
  return wordsOf(value).every((word) => beginsAny(words, word))
}
