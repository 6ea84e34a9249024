/** The states of a delivery (one recipient of one message), and the only function that changes them. */

export const deliveryStates = [
  'queued',
  'sending',
  'deferred',
  'held',
  'delivered',
  'failed',
  'expired',
  'cancelled',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** What can happen to a delivery. */
export type DeliveryEvent =
  | 'claim'
  | 'deliver'
  | 'fail'
  | 'defer'
  | 'interrupt'
  | 'expire'
  | 'hold'
  | 'release'
  | 'cancel'

/** state × event → next state. What is not in this table cannot happen. */
const table: Record<DeliveryState, Partial<Record<DeliveryEvent, DeliveryState>>> = {
  queued: { claim: 'sending', hold: 'held', cancel: 'cancelled' },
  sending: { deliver: 'delivered', fail: 'failed', defer: 'deferred', interrupt: 'deferred' },
  deferred: { claim: 'sending', expire: 'expired', hold: 'held', cancel: 'cancelled' },
  held: { release: 'queued', cancel: 'cancelled' },
  delivered: {},
  failed: {},
  expired: {},
  cancelled: {},
}

/**
 * The state after an event, or undefined when the event cannot happen in that state.
 * A released delivery that was tried before returns to `deferred`, an untried one to `queued`.
 * @param attempts how many attempts the delivery has had
 */
export function transition(state: DeliveryState, event: DeliveryEvent, attempts = 0): DeliveryState | undefined {
  const next = table[state][event]
  return next === 'queued' && attempts > 0 ? 'deferred' : next
}

const final: ReadonlySet<DeliveryState> = new Set(['delivered', 'failed', 'expired', 'cancelled'])

/** Whether nothing more can happen to a delivery in this state. */
export function isFinal(state: DeliveryState): boolean {
  return final.has(state)
}

/** What the log shows for a message: the one state all its deliveries share, or `mixed`. */
export type MessageStatus = DeliveryState | 'mixed'

/** The status of a message from the states of its deliveries. */
export function statusOf(states: readonly DeliveryState[]): MessageStatus {
  const first = states[0] ?? 'cancelled'
  return states.every((state) => state === first) ? first : 'mixed'
}
