/** Writes of trust, complaints and the status of accounts: each with its entry in the audit log, in one transaction. */

import type { AccountStatus } from '../../../model/account.ts'
import { formatId } from '../../../model/id.ts'
import type { Thresholds } from '../../../model/trust.ts'
import type { Act, Complaint, NewTrustDecision } from '../../trust.ts'
import type { AuditWriter } from '../audit/writer.ts'
import { HeldSamples } from '../holds/heldSamples.ts'
import { digestOf, isOfSamples, type Receipts } from '../retention/receipts.ts'
import type { Connection } from '../thread/connection.ts'
import { endTrustRequest } from './requestRows.ts'
import { THRESHOLDS } from './rows.ts'

/** What became of the samples of an account with a decision. */
interface Destruction {
  receipt: number | undefined
  destroyed: number
  held: number
}

/** A decision that was written. */
export interface Decided extends Destruction {
  id: number
}

const kept: Destruction = { receipt: undefined, destroyed: 0, held: 0 }

export class TrustWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly receipts: Receipts
  private readonly heldSamples: HeldSamples
  private readonly selectAccount

  constructor(database: Connection, audit: AuditWriter, receipts: Receipts) {
    this.database = database
    this.audit = audit
    this.receipts = receipts
    this.heldSamples = new HeldSamples(database)
    this.selectAccount = database.prepare('SELECT name, status, trusted FROM account WHERE id = ?')
  }

  /**
   * Decides about trust; given once more it is renewed with a new review date, and a request that waits is answered by
   * it. Undefined when there is neither trust to end nor a request to decline.
   */
  decide(decision: NewTrustDecision): Decided | undefined {
    const { account, decidedAt: at } = decision
    const { name, trusted } = this.account(account)
    const flag = decision.decision === 'on' ? 1 : 0
    const asked = endTrustRequest(this.database, account)
    if (flag === 0 && trusted === 0 && !asked) return undefined
    const destruction = decision.samples === 'destroy' ? this.destroySamples(account, at) : kept
    const id = this.insert(decision, destruction)
    this.database.prepare('UPDATE account SET trusted = ? WHERE id = ?').run(flag, account)
    const { receipt, destroyed, held } = destruction
    this.audit.append({
      at,
      actor: decision.decidedBy,
      action: 'trust.decide',
      object: `account ${name}`,
      reason: decision.reason,
      details: { requestedBy: decision.requestedBy, reviewAt: decision.reviewAt, criteria: decision.criteria },
      facts: {
        account,
        decision: id,
        trust: decision.decision,
        samples: decision.samples,
        destroyed,
        held,
        receipt: receipt ?? null,
      },
    })
    return { id, ...destruction }
  }

  private insert(decision: NewTrustDecision, { receipt, destroyed, held }: Destruction): number {
    const { criteria, reviewAt, tell, ...rest } = decision
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO trust (account, decision, requested_by, reason, criteria, decided_by, decided_at, review_at, samples,
         receipt, destroyed, held, told)
         VALUES (@account, @decision, @requestedBy, @reason, @criteria, @decidedBy, @decidedAt, @reviewAt, @samples,
         @receipt, @destroyed, @held, @told)`,
      )
      .run({
        ...rest,
        criteria: JSON.stringify(criteria),
        reviewAt: reviewAt ?? null,
        receipt: receipt ?? null,
        destroyed,
        held,
        told: tell ? 0 : 1,
      })
    return Number(lastInsertRowid)
  }

  /**
   * Takes the samples of an account out of the list, except those under a legal hold. Sealed bytes that were moved to
   * their day's file no longer have a row here: that is how they are found and destroyed, after a crash as well.
   */
  private destroySamples(account: number, at: number): Destruction {
    const all = this.database
      .prepare('SELECT message, account, accepted_at, size, held FROM sample WHERE account = ? ORDER BY message')
      .all(account) as { message: number; account: number; accepted_at: number; size: number; held: number }[]
    const spared = this.heldSamples.of(all)
    const gone = all.filter(({ message }) => !spared.has(message))
    const forgetAddresses = this.database.prepare('DELETE FROM sample_address WHERE message = ?')
    const forget = this.database.prepare('DELETE FROM sample WHERE message = ?')
    for (const { message } of gone) {
      forgetAddresses.run(message)
      forget.run(message)
    }
    const held = all.length - gone.length
    if (gone.length === 0) return { ...kept, held }
    const receipt = this.receipts.insertPending(
      {
        kind: 'samples',
        day: null,
        headers: 0,
        samples: gone.length,
        bodies: 0,
        digest: digestOf(gone.map(({ message }) => message)),
        // of the messages that were sealed
        bytesBefore: gone.reduce((sum, { size }) => sum + size, 0),
      },
      at,
    )
    return { receipt, destroyed: gone.length, held }
  }

  /** Receipts of samples whose sealed bytes may still lie in their day's file. */
  unfinished(): number[] {
    return this.receipts.pending().flatMap((receipt) => (isOfSamples(receipt) ? [receipt.id] : []))
  }

  /** The sealed bytes are gone: signs the receipts. */
  finish(receipts: number[], at: number): void {
    for (const receipt of receipts) this.receipts.finish(receipt, 0, 0, at)
  }

  setThresholds(thresholds: Thresholds, { actor, at, reason }: Act): void {
    this.database
      .prepare('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(THRESHOLDS, JSON.stringify(thresholds))
    const facts = { ...thresholds }
    this.audit.append({ at, actor, action: 'trust.setThresholds', object: 'thresholds', reason, details: {}, facts })
  }

  /** Enters a complaint. Returns its id. */
  addComplaint(complaint: Omit<Complaint, 'id'>, { actor, at, reason }: Act): number {
    const { account, message, source, note } = complaint
    const { lastInsertRowid } = this.database
      .prepare('INSERT INTO complaint (account, message, at, source, note) VALUES (?, ?, ?, ?, ?)')
      .run(account, message ?? null, complaint.at, source, note)
    const id = Number(lastInsertRowid)
    this.audit.append({
      at,
      actor,
      action: 'trust.addComplaint',
      object: `account ${this.account(account).name}`,
      reason,
      details: {},
      facts: { account, complaint: id, message: message === undefined ? null : formatId(message) },
    })
    return id
  }

  /** The account's contact was written to about a decision. */
  told(id: number, message: number, at: number): void {
    const account = this.database
      .prepare('UPDATE trust SET told = 1 WHERE id = ? AND told = 0 RETURNING account')
      .pluck()
      .get(id) as number | undefined
    if (account === undefined) return
    const facts = { account, decision: id, message: formatId(message) }
    this.audit.appendSystem(at, 'trust.told', `account ${this.account(account).name}`, facts)
  }

  setStatus(account: number, status: AccountStatus, { actor, at, reason }: Act): void {
    const { name, status: before } = this.account(account)
    this.database
      .prepare('UPDATE account SET status = ?, status_reason = ? WHERE id = ?')
      .run(status, status === 'active' ? '' : reason, account)
    this.audit.append({
      at,
      actor,
      action: 'accounts.setStatus',
      object: `account ${name}`,
      reason,
      details: {},
      facts: { account, before, status },
    })
  }

  private account(id: number): { name: string; status: AccountStatus; trusted: number } {
    return this.selectAccount.get(id) as { name: string; status: AccountStatus; trusted: number }
  }
}
