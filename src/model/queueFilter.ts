/** The written form of a queue filter: `destination: account: state: reason: domain: to: message: is:in-doubt`. */

import { type DeliveryState, deliveryStates } from './delivery.ts'
import { type FilterToken, type QueueFilter, tokenize } from './filter.ts'
import { parseId } from './id.ts'

export type ParsedQueueFilter = { ok: true; filter: QueueFilter } | { ok: false; token: string; problem: string }

const states: readonly string[] = deliveryStates

/** Puts one token into the filter; says what is wrong with it otherwise. */
function put(filter: QueueFilter, { key, value }: FilterToken): string | undefined {
  switch (key) {
    case 'destination':
    case 'account':
    case 'reason':
      filter[key] = value
      return undefined
    case 'domain':
      filter.domain = value.toLowerCase()
      return undefined
    case 'to':
      filter.recipient = value
      return undefined
    case 'message':
      if (parseId(value) === undefined) return 'a message id has 11 letters and digits'
      filter.message = value
      return undefined
    case 'state':
      if (!states.includes(value)) return `state is one of ${states.join(', ')}`
      filter.state = value as DeliveryState
      return undefined
    case 'is':
      if (value !== 'in-doubt') return 'the only is: filter is is:in-doubt'
      filter.inDoubt = true
      return undefined
    default:
      return 'a queue filter is made of destination: account: state: reason: domain: to: message: is:in-doubt'
  }
}

/** Reads a written queue filter such as `destination:mx1.kestrel.example:25 state:deferred`. All parts must hold. */
export function parseQueueFilter(written: string): ParsedQueueFilter {
  const filter: QueueFilter = {}
  for (const token of tokenize(written)) {
    const problem = put(filter, token)
    if (problem)
      return { ok: false, token: token.key === 'text' ? token.value : `${token.key}:${token.value}`, problem }
  }
  return { ok: true, filter }
}
