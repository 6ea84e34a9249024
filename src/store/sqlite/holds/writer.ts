/** Writes of legal holds and of retention shortened for an account, each with its entry in the audit log. */

import type { HoldScope } from '../../../model/hold.ts'
import { DAY_MS, withAccountDays } from '../../../model/retention.ts'
import type { HoldAct } from '../../holds.ts'
import type { AuditWriter } from '../audit/writer.ts'
import { retentionRulesOf, writeRetentionRules } from '../retention/rules.ts'
import type { Connection } from '../thread/connection.ts'

export class HoldWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
  }

  /** Returns the id of the hold. */
  place(scope: HoldScope, { actor, at, reason }: HoldAct): number {
    const { lastInsertRowid } = this.database
      .prepare('INSERT INTO hold (scope, reason, placed_by, placed_at) VALUES (?, ?, ?, ?)')
      .run(JSON.stringify(scope), reason, actor, at)
    const id = Number(lastInsertRowid)
    const facts = { hold: id, kind: scope.kind }
    this.audit.append({ at, actor, action: 'holds.place', object: `hold ${id}`, reason, details: { scope }, facts })
    return id
  }

  /** Returns false when no such hold is in force. */
  release(id: number, headers: number, { actor, at, reason }: HoldAct): boolean {
    const scope = this.database
      .prepare(
        `UPDATE hold SET released_by = ?, released_at = ?, release_reason = ?, headers = ?
         WHERE id = ? AND released_at IS NULL RETURNING scope`,
      )
      .pluck()
      .get(actor, at, reason, headers, id) as string | undefined
    if (scope === undefined) return false
    const details = { scope: JSON.parse(scope) as HoldScope }
    const facts = { hold: id, kind: details.scope.kind, headers }
    this.audit.append({ at, actor, action: 'holds.release', object: `hold ${id}`, reason, details, facts })
    return true
  }

  /** Binds what an account has sent so far. Its samples are listed here and can be shortened one by one. */
  private shorten(account: number, days: number, at: number): void {
    writeRetentionRules(this.database, withAccountDays(retentionRulesOf(this.database), account, days, at + 1))
    this.database
      .prepare('UPDATE sample SET keep_until = min(keep_until, accepted_at + ?) WHERE account = ?')
      .run(days * DAY_MS, account)
  }

  /**
   * How many days an account's mail is kept, null for as many as the policy says. What is kept by fewer days now stays
   * bound to them, whatever is said later.
   */
  setKeepDays(account: number, days: number | null, { actor, at, reason }: HoldAct): void {
    const before = this.database.prepare('SELECT name, keep_days FROM account WHERE id = ?').get(account) as
      | { name: string; keep_days: number | null }
      | undefined
    if (!before) return
    const binding = Math.min(days ?? Number.MAX_SAFE_INTEGER, before.keep_days ?? Number.MAX_SAFE_INTEGER)
    if (binding < Number.MAX_SAFE_INTEGER) this.shorten(account, binding, at)
    this.database.prepare('UPDATE account SET keep_days = ? WHERE id = ?').run(days, account)
    this.audit.append({
      at,
      actor,
      action: 'accounts.setKeepDays',
      object: `account ${before.name}`,
      reason,
      details: {},
      facts: { account, before: before.keep_days, days },
    })
  }
}
