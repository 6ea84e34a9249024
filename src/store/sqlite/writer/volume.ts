/** Counts an account's mail by UTC day: what trust is decided on, and what the list of accounts shows. */

import type { Outcome } from '../../../model/outcome.ts'
import { isBounce } from '../../../model/outcome.ts'
import { dayOf } from '../../../model/retention.ts'
import type { Connection } from '../connection.ts'

interface Count {
  account: number
  day: string
  messages: number
  delivered: number
  failed: number
  bounced: number
}

export class Volume {
  private readonly save
  private readonly counts = new Map<string, Count>()

  constructor(database: Connection) {
    this.save = database.prepare(
      `INSERT INTO volume VALUES (@account, @day, @messages, @delivered, @failed, @bounced)
       ON CONFLICT (account, day) DO UPDATE SET messages = messages + @messages, delivered = delivered + @delivered,
         failed = failed + @failed, bounced = bounced + @bounced`,
    )
  }

  accepted(account: number, at: number): void {
    this.count(account, at).messages++
  }

  /** Counts how deliveries of a message of the account ended. */
  settled(account: number, at: number, outcomes: readonly Outcome[]): void {
    const count = this.count(account, at)
    for (const outcome of outcomes) {
      if (outcome.kind === 'delivered') count.delivered++
      if (outcome.kind === 'failed') count.failed++
      if (isBounce(outcome)) count.bounced++
    }
  }

  /** Writes the counts of the running transaction. */
  beforeCommit(): void {
    for (const count of this.counts.values()) this.save.run(count)
    this.counts.clear()
  }

  rolledBack(): void {
    this.counts.clear()
  }

  private count(account: number, at: number): Count {
    const day = dayOf(at)
    const key = `${account} ${day}`
    const known = this.counts.get(key)
    if (known) return known
    const count = { account, day, messages: 0, delivered: 0, failed: 0, bounced: 0 }
    this.counts.set(key, count)
    return count
  }
}
