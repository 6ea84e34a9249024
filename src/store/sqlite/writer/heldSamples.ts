/** Which samples a legal hold keeps, whatever else is decided about them. */

import type { HoldScope } from '../../../model/hold.ts'
import { blind } from '../blindIndex.ts'
import type { Connection } from '../connection.ts'
import { blindKeyOf } from './sampling.ts'

export interface HoldableSample {
  message: number
  account: number
  accepted_at: number
  /** 1: set aside in the hold already */
  held: number
}

export class HeldSamples {
  private readonly database: Connection

  constructor(database: Connection) {
    this.database = database
  }

  /** Those of the samples given that a hold in force covers. */
  of(samples: readonly HoldableSample[]): Set<number> {
    const scopes = this.database.prepare('SELECT scope FROM hold WHERE released_at IS NULL').pluck().all() as string[]
    const covers = scopes.map((scope) => this.cover(JSON.parse(scope) as HoldScope))
    const held = samples.filter((sample) => sample.held === 1 || covers.some((covered) => covered(sample)))
    return new Set(held.map(({ message }) => message))
  }

  private cover(scope: HoldScope): (sample: HoldableSample) => boolean {
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
    return new Set(select.all(blind(key, address)) as number[])
  }
}
