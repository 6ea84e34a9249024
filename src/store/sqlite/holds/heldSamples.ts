/** Which samples a legal hold keeps, whatever else is decided about them. */

import type { HoldScope } from '../../../model/hold.ts'
import { blindKeyOf } from '../samples/sampling.ts'
import { blindRelated } from '../subjects/blindIndex.ts'
import type { Connection } from '../thread/connection.ts'
import { activeHolds } from './matcher.ts'

export interface HoldableSample {
  message: number
  account: number
  accepted_at: number
  /** 1: set aside in the hold already */
  held: number
}

/** In SQL: a sample's time is not over at the first value, or it is among the second, {@link HeldSamples.beyond}. */
export const KEPT = '(keep_until > ? OR message IN (SELECT value FROM json_each(?)))'

export class HeldSamples {
  private readonly database: Connection

  constructor(database: Connection) {
    this.database = database
  }

  /** Those of the samples given that a hold in force covers, or that are in the hold and wait for the next run. */
  of(samples: readonly HoldableSample[]): Set<number> {
    const covered = this.covered(samples)
    return new Set(samples.flatMap(({ message, held }) => (held === 1 || covered.has(message) ? [message] : [])))
  }

  /** Those of the samples given that a hold in force covers. */
  covered(samples: readonly Omit<HoldableSample, 'held'>[]): Set<number> {
    const covers = activeHolds(this.database).map(({ scope }) => this.matcher(scope))
    const held = samples.filter((sample) => covers.some((covered) => covered(sample)))
    return new Set(held.map(({ message }) => message))
  }

  /**
   * Samples whose time is over and which a hold keeps, in the hold or still in their day. For {@link KEPT}: a JSON array
   * of messages.
   */
  beyond(hideBy: number): string {
    const over = this.database.prepare('SELECT message, account, accepted_at FROM sample WHERE keep_until <= ?')
    return JSON.stringify([...this.covered(over.all(hideBy) as HoldableSample[])])
  }

  private matcher(scope: HoldScope): (sample: Omit<HoldableSample, 'held'>) => boolean {
    switch (scope.kind) {
      case 'account':
        return ({ account }) => account === scope.account
      case 'message':
        return ({ message }) => message === scope.message
      case 'period':
        return ({ accepted_at }) => accepted_at >= scope.since && accepted_at < scope.until
      case 'address': {
        const named = this.naming(scope.address)
        return ({ message }) => named.has(message)
      }
    }
  }

  /** Messages whose samples name an address: of the envelope, and a few more, which does no harm to a hold. */
  private naming(address: string): Set<number> {
    const key = blindKeyOf(this.database)
    if (!key) return new Set()
    const select = this.database.prepare('SELECT message FROM sample_address WHERE address = ?').pluck()
    return new Set(blindRelated(key, address).flatMap((hash) => select.all(hash) as number[]))
  }
}
