/**
 * Counts an account's mail by UTC day: what trust is decided on, and what the list of accounts shows. Counts are written
 * at most once a second, with whatever is committed then; a crash loses those of the last second.
 */

import type { Outcome } from '../../../model/outcome.ts'
import { isBounce } from '../../../model/outcome.ts'
import { dayOf } from '../../../model/retention.ts'
import type { Connection } from '../thread/connection.ts'

/** Milliseconds between two writes. */
const EVERY_MS = 1000

interface Count {
  account: number
  day: string
  messages: number
  delivered: number
  failed: number
  bounced: number
}

type Counts = Map<string, Count>

function addTo(counts: Counts, more: Count): void {
  const key = `${more.account} ${more.day}`
  const known = counts.get(key)
  if (!known) {
    counts.set(key, { ...more })
    return
  }
  known.messages += more.messages
  known.delivered += more.delivered
  known.failed += more.failed
  known.bounced += more.bounced
}

export class Volume {
  private readonly save
  /** committed, and not yet written */
  private waiting: Counts = new Map()
  /** of the running transaction */
  private current: Count[] = []
  private savedAt = 0
  private isSaved = false
  private isDue = false

  constructor(database: Connection) {
    this.save = database.prepare(
      `INSERT INTO volume VALUES (@account, @day, @messages, @delivered, @failed, @bounced)
       ON CONFLICT (account, day) DO UPDATE SET messages = messages + @messages, delivered = delivered + @delivered,
         failed = failed + @failed, bounced = bounced + @bounced`,
    )
  }

  /** Counts a message of an account. */
  accepted(account: number, at: number): void {
    this.current.push({ account, day: dayOf(at), messages: 1, delivered: 0, failed: 0, bounced: 0 })
  }

  /** Counts how deliveries of a message of the account ended. */
  settled(account: number, at: number, outcomes: readonly Outcome[]): void {
    const of = (test: (outcome: Outcome) => boolean) => outcomes.filter(test).length
    const delivered = of(({ kind }) => kind === 'delivered')
    const failed = of(({ kind }) => kind === 'failed')
    this.current.push({ account, day: dayOf(at), messages: 0, delivered, failed, bounced: of(isBounce) })
  }

  /** Writes the counts, when it is time. */
  beforeCommit(): void {
    if (this.isDue || performance.now() - this.savedAt > EVERY_MS) this.write()
  }

  /** Lets the running transaction write all counts, whatever the time. */
  flush(): void {
    this.isDue = true
  }

  private write(): void {
    const counts: Counts = new Map()
    for (const count of this.waiting.values()) addTo(counts, count)
    for (const count of this.current) addTo(counts, count)
    for (const count of counts.values()) this.save.run(count)
    this.isSaved = true
  }

  /** Takes over what the committed transaction counted. */
  afterCommit(): void {
    if (this.isSaved) {
      this.waiting.clear()
      this.savedAt = performance.now()
    } else for (const count of this.current) addTo(this.waiting, count)
    this.rolledBack()
  }

  /** Forgets what the transaction counted. */
  rolledBack(): void {
    this.current = []
    this.isSaved = false
    this.isDue = false
  }
}
