/** Who hears what (RFC 3461 §4.1, §5). */

import type { Delivery } from '../../model/message.ts'
import type { Outcome } from '../../model/outcome.ts'

/** `failed`: refused for good; `expired`: given up; `delayed`: late; `relayed`: passed on to a host without DSN. */
export type Action = 'failed' | 'expired' | 'delayed' | 'relayed'

/** What became of a delivery. */
export interface Notified {
  delivery: Delivery
  outcome: Outcome
  action: Action
}

/** Whether the sender wants to hear this about the recipient. Who named no wish hears of failures and of delays. */
export function isWanted({ delivery, outcome, action }: Notified): boolean {
  const { notify } = delivery.options
  switch (action) {
    case 'failed':
    case 'expired':
      return notify === undefined || notify.includes('failure')
    case 'delayed':
      return notify === undefined || notify.includes('delay')
    case 'relayed':
      // a next hop with DSN was told the wish, and reports itself
      return notify?.includes('success') === true && !(outcome.kind === 'delivered' && outcome.dsn === true)
  }
}
