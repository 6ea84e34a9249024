/** What happens in the store, for those who follow from it. Each is told after it is durable. */

import type { MessageId } from '../model/id.ts'

export interface StoreEvents {
  /** messages that are new or changed, the latest last */
  'messages changed': readonly MessageId[]
  /** signals were kept, about an account or about nobody's mail yet */
  'signals added': undefined
  /** complaints that count for the trust of their accounts */
  'complaint added': readonly number[]
  /** a data subject's request was opened, or a mail about it came in; its number */
  'request received': number
  /** the disk failed under a commit: nothing can be accepted any more */
  'disk failed': Error
}

/** Calls the listener each time; it must not throw, and what it does the store does not wait for. */
export type Listen = <E extends keyof StoreEvents>(event: E, listener: (what: StoreEvents[E]) => void) => void

/** Tells everybody who listens. */
export type Tell = <E extends keyof StoreEvents>(event: E, what: StoreEvents[E]) => void
