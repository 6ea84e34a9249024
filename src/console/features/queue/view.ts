/** What part of the queue an address (hash route) shows. */

import { type DeliveryState, deliveryStates } from '../../../model/delivery.ts'
import type { QueueFilter } from '../../../model/filter.ts'
import { text } from '../../text.ts'

export const groupings = ['destination', 'account', 'reason', 'state'] as const
export type Grouping = (typeof groupings)[number]

/** The search part of the address. Without any part of a filter it is the groups, with one it is the deliveries. */
export interface QueueSearch {
  by?: Grouping
  destination?: string
  account?: string
  reason?: string
  state?: DeliveryState
  doubt?: true
  all?: true
}

function isGrouping(value: unknown): value is Grouping {
  return groupings.some((grouping) => grouping === value)
}

function isState(value: unknown): value is DeliveryState {
  return deliveryStates.some((state) => state === value)
}

function words(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Reads the search part of an address; what cannot be understood is left out. */
export function readQueueSearch(raw: Record<string, unknown>): QueueSearch {
  const search: QueueSearch = {}
  if (isGrouping(raw.by)) search.by = raw.by
  if (isState(raw.state)) search.state = raw.state
  const destination = words(raw.destination)
  const account = words(raw.account)
  const reason = words(raw.reason)
  if (destination !== undefined) search.destination = destination
  if (account !== undefined) search.account = account
  if (reason !== undefined) search.reason = reason
  if (words(raw.doubt)) search.doubt = true
  if (words(raw.all)) search.all = true
  return search
}

/** The filter of the deliveries an address shows, or undefined when it shows the groups. */
export function filterOf({ destination, account, reason, state, doubt, all }: QueueSearch): QueueFilter | undefined {
  const filter: QueueFilter = {}
  if (destination !== undefined) filter.destination = destination
  if (account !== undefined) filter.account = account
  if (reason !== undefined) filter.reason = reason
  if (state !== undefined) filter.state = state
  if (doubt) filter.inDoubt = true
  return all || Object.keys(filter).length > 0 ? filter : undefined
}

/** What the deliveries of a filter have in common, as a heading. */
export function titleOf(filter: QueueFilter): string {
  const parts = [
    filter.inDoubt ? text.queue.inDoubtTitle : undefined,
    filter.destination,
    filter.account,
    filter.state ? text.status[filter.state] : undefined,
    filter.reason,
  ].filter((part) => part !== undefined)
  return parts.length > 0 ? parts.join(' · ') : text.queue.all
}
