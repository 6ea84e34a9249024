/** Which deliveries of a list are selected. */

import type { QueueItem } from '../../../contract/queue.ts'
import type { QueueFilter } from '../../../model/filter.ts'

/** Names one delivery: message and ordinal. */
export function keyOf(row: QueueItem): string {
  return `${row.message}/${row.ordinal}`
}

function nameOf(key: string): { message: string; ordinal: number } {
  const [message = '', ordinal = ''] = key.split('/')
  return { message, ordinal: Number(ordinal) }
}

/** The deliveries of these names. */
export function filterOfKeys(keys: ReadonlySet<string>): QueueFilter {
  return { deliveries: [...keys].map(nameOf) }
}
