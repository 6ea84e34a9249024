/**
 * The transactions of retention. A day is destroyed with its keys, in one transaction that also writes the receipt
 * (pending) and the audit entry; the receipt is signed once the files are gone and the log is truncated.
 */

import type { RetentionRules } from '../../../model/retention.ts'
import type { AuditEntry } from '../../store.ts'
import type { AuditWriter } from '../audit/writer.ts'
import { isHeldSince } from '../holds/matcher.ts'
import type { PolicyWriter } from '../policy/writer.ts'
import type { Sampling } from '../samples/sampling.ts'
import type { Connection } from '../thread/connection.ts'
import { digestOf, type Receipts } from './receipts.ts'
import { changePolicyDays } from './rules.ts'

/** A day that is over, or the part of it that is. */
export interface DueDay {
  day: string
  /** whether its header records are over */
  headers: boolean
  /** whether its samples are over */
  samples: boolean
  /** header records, as the catalogue says */
  records: number
  /** those of them that were set aside for a hold */
  held: number
  digest: string
  bytesBefore: number
}

/** Finished records that came too late for their day. */
export interface Dropped {
  day: string
  /** ascending */
  ids: number[]
}

/** A day whose files are gone. */
export interface Swept {
  receipt: number
  bytesAfter: number
}

export class RetentionWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly receipts: Receipts
  private readonly policy: PolicyWriter
  private readonly sampling: Sampling

  constructor(database: Connection, audit: AuditWriter, receipts: Receipts, policy: PolicyWriter, sampling: Sampling) {
    this.database = database
    this.audit = audit
    this.receipts = receipts
    this.policy = policy
    this.sampling = sampling
  }

  /**
   * Destroys the keys of days. A day that got another record since it was counted is left for the next run. Returns false,
   * and destroys nothing, when another hold than those known came into force since it was looked what holds keep.
   */
  begin(days: DueDay[], at: number, known: number[]): boolean {
    if (isHeldSince(this.database, known)) return false
    for (const due of days) if (!due.headers || this.recordsOf(due.day) === due.records) this.destroy(due, at)
    return true
  }

  private recordsOf(day: string): number | undefined {
    return this.database.prepare('SELECT records FROM day WHERE day = ?').pluck().get(day) as number | undefined
  }

  private destroy(due: DueDay, at: number): void {
    const { day, bytesBefore } = due
    const headers = due.headers ? due.records - due.held : 0
    if (due.headers) this.database.prepare('DELETE FROM day WHERE day = ?').run(day)
    const sampled = due.samples ? this.destroySamples(day) : []
    const samples = sampled.length
    // samples that go with their records are named by these
    const digest = due.headers ? due.digest : digestOf(sampled)
    const gone = { kind: 'retention', day, headers, samples, bodies: 0, digest } as const
    const receipt = this.receipts.insertPending({ ...gone, bytesBefore }, at)
    this.audit.appendSystem(at, 'retention.purge', `day ${day}`, { receipt, day, headers, samples, digest })
  }

  /** Returns of which messages, ascending. */
  private destroySamples(day: string): number[] {
    const samples = this.database
      .prepare('SELECT message FROM sample WHERE day = ? AND held = 0 ORDER BY message')
      .pluck()
      .all(day) as number[]
    this.database
      .prepare('DELETE FROM sample_address WHERE message IN (SELECT message FROM sample WHERE day = ? AND held = 0)')
      .run(day)
    this.database.prepare('DELETE FROM sample WHERE day = ? AND held = 0').run(day)
    // samples in the hold are sealed to the key pair of their day, which stays for them; the key of the file goes
    const kept = "UPDATE sample_key SET file = x'' WHERE day = @day AND day IN (SELECT day FROM sample WHERE held = 1)"
    if (this.database.prepare(kept).run({ day }).changes === 0)
      this.database.prepare('DELETE FROM sample_key WHERE day = ?').run(day)
    return samples
  }

  /**
   * Destroys records of live mail that became final after their time: they never get to their day. Returns false, and
   * destroys nothing, when another hold than those known is in force.
   */
  drop(dropped: Dropped[], at: number, known: number[]): boolean {
    if (isHeldSince(this.database, known)) return false
    this.sampling.flush()
    for (const { day, ids } of dropped) {
      for (const table of ['attempt', 'delivery'] as const) {
        const statement = this.database.prepare(`DELETE FROM ${table} WHERE message = ?`)
        for (const id of ids) statement.run(id)
      }
      const statement = this.database.prepare('DELETE FROM message WHERE id = ?')
      const headers = ids.filter((id) => statement.run(id).changes > 0).length
      if (headers === 0) continue
      const samples = this.dropSamples(ids)
      const digest = digestOf(ids)
      const gone = { kind: 'retention', day, headers, samples, bodies: 0, digest } as const
      const receipt = this.receipts.insertPending({ ...gone, bytesBefore: 0 }, at)
      this.audit.appendSystem(at, 'retention.purge', `day ${day}`, { receipt, day, headers, samples, digest })
    }
    return true
  }

  /**
   * Their samples go with them: the day, with the samples of other accounts, may stay for weeks. Sealed bytes that were
   * moved to the day's file are no longer in the list, by which the next run finds and destroys them.
   */
  private dropSamples(ids: number[]): number {
    const forget = this.database.prepare('DELETE FROM sample WHERE message = ? AND held = 0')
    const gone = ids.filter((id) => forget.run(id).changes > 0)
    const addresses = this.database.prepare('DELETE FROM sample_address WHERE message = ?')
    for (const id of gone) addresses.run(id)
    return gone.length
  }

  /** Signs the receipts of deletions that are complete, and notes the run. */
  finish(swept: Swept[], orphans: number, at: number): void {
    // the files without an entry are counted once, with the first receipt of the run
    swept.forEach(({ receipt, bytesAfter }, index) => {
      this.receipts.finish(receipt, bytesAfter, index === 0 ? orphans : 0, at)
    })
    if (swept.length === 0 && orphans > 0) this.audit.appendSystem(at, 'retention.sweep', 'files', { orphans })
    this.database
      .prepare('INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run('retention.lastRun', JSON.stringify(at))
  }

  /** Sets the days of the policy, as a version of it, with its entry in the audit log. */
  setDays(days: number, entry: AuditEntry): RetentionRules {
    const { before, after } = changePolicyDays(this.database, days, entry.at)
    const version = this.policy.setDays(days, entry)
    this.audit.append({ ...entry, facts: { before: before.days, days, version: version ?? null } })
    return after
  }

  /** Keeps the digest of a day that is not expected to grow any more. */
  keepDigest(day: string, digest: string, records: number): void {
    this.database.prepare('UPDATE day SET digest = ?, digest_records = ? WHERE day = ?').run(digest, records, day)
  }
}
