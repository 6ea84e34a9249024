/** The filter of the message log: one type for console, command line and store, and its written form (`from: to: …`). */

import { type DeliveryState, deliveryStates, type MessageStatus } from './delivery.ts'

/** All given parts must hold. An empty filter matches everything. */
export interface MessageFilter {
  /** words that must all occur in addresses or subject; the last one may be the beginning of a word */
  text?: string
  /** whole address, `@domain`, domain, or words of an address */
  from?: string
  to?: string
  /** account name */
  account?: string
  /** words of the subject, each may be the beginning of a word */
  subject?: string
  /** message id of the relay, in its written form */
  id?: string
  /** content of the Message-ID field */
  messageId?: string
  status?: MessageStatus
  /** client address */
  ip?: string
  /** accepted at or after / before; milliseconds, Unix time */
  since?: number
  until?: number
  /** bytes */
  largerThan?: number
  smallerThan?: number
  /** only messages with a delivery that is in doubt (may have been delivered twice) */
  inDoubt?: boolean
}

/** A part of a written filter, as typed. */
export interface FilterToken {
  /** `text` for a bare word */
  key: string
  value: string
}

export type ParsedFilter = { ok: true; filter: MessageFilter } | { ok: false; token: string; problem: string }

const statuses: readonly string[] = [...deliveryStates, 'mixed']

/** Splits a written filter into tokens; double quotes keep spaces together. */
export function tokenize(written: string): FilterToken[] {
  const tokens: FilterToken[] = []
  for (const match of written.matchAll(/(?:([a-z-]+)([:<>]))?(?:"([^"]*)"|(\S+))/gi)) {
    const value = match[3] ?? match[4] ?? ''
    const operator = match[2] === ':' ? '' : (match[2] ?? '')
    tokens.push(match[1] ? { key: match[1].toLowerCase() + operator, value } : { key: 'text', value })
  }
  return tokens
}

const unitBytes: Record<string, number> = { '': 1, b: 1, k: 1000, kb: 1000, m: 1_000_000, mb: 1_000_000 }

function parseSize(value: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(b|k|kb|m|mb)?$/i.exec(value)
  return match ? Math.round(Number(match[1]) * unitBytes[(match[2] ?? '').toLowerCase()]!) : undefined
}

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/**
 * Reads a point in time: ISO 8601 (`2026-11-01`, `2026-11-01T12:00Z`) or an age (`30m`, `12h`, `7d`, `2w`).
 * @param now milliseconds, Unix time; what ages count from
 */
export function parseTime(value: string, now: number): number | undefined {
  const age = /^(\d+)\s*(m|h|d|w)(?:[a-z]*)$/i.exec(value)
  if (age) return now - Number(age[1]) * unitMs[age[2]!.toLowerCase()]!
  if (!/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}

function refuse(token: FilterToken, problem: string): ParsedFilter {
  return { ok: false, token: `${token.key}:${token.value}`, problem }
}

/**
 * Reads a written filter such as `from:billing@acme.example status:deferred since:7d invoice`.
 * @param now milliseconds, Unix time
 */
export function parseFilter(written: string, now: number): ParsedFilter {
  const filter: MessageFilter = {}
  const words: string[] = []
  for (const token of tokenize(written)) {
    const { key, value } = token
    switch (key) {
      case 'text':
        words.push(value)
        break
      case 'from':
      case 'to':
      case 'account':
      case 'subject':
      case 'id':
      case 'ip':
        filter[key] = value
        break
      case 'message-id':
        filter.messageId = value.replace(/^<|>$/g, '')
        break
      case 'status':
        if (!statuses.includes(value)) return refuse(token, `status is one of ${statuses.join(', ')}`)
        filter.status = value as DeliveryState
        break
      case 'since':
      case 'until': {
        const time = parseTime(value, now)
        if (time === undefined) return refuse(token, 'a time is a date such as 2026-11-01, or an age such as 7d or 12h')
        filter[key] = time
        break
      }
      case 'size>':
      case 'size<': {
        const size = parseSize(value)
        if (size === undefined) return refuse(token, 'a size is a number of bytes, or such as 20k or 1.5M')
        filter[key === 'size>' ? 'largerThan' : 'smallerThan'] = size
        break
      }
      case 'is':
        if (value !== 'in-doubt') return refuse(token, 'the only is: filter is is:in-doubt')
        filter.inDoubt = true
        break
      default:
        return refuse(token, `there is no filter ${key}:`)
    }
  }
  if (words.length > 0) filter.text = words.join(' ')
  return { ok: true, filter }
}

/** Which deliveries of the queue are meant. All given parts must hold; an empty filter means every unfinished delivery. */
export interface QueueFilter {
  /** queue key, see destinationKey */
  destination?: string
  /** account name */
  account?: string
  state?: DeliveryState
  /** exact reason */
  reason?: string
  /** recipient domain */
  domain?: string
  recipient?: string
  /** written message id */
  message?: string
  /** written message id and ordinal of single deliveries */
  deliveries?: { message: string; ordinal: number }[]
  inDoubt?: boolean
}

export const queueActions = ['retry', 'hold', 'release', 'cancel'] as const
export type QueueAction = (typeof queueActions)[number]
