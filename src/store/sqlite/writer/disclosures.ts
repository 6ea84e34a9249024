/**
 * Writes of the disclosure register. Who may do what is decided inside the writing transaction, from what the database
 * says then: of two approvals at once one wins, and nobody approves what they recorded themselves.
 */

import type {
  Disclosure,
  DisclosureAct,
  DisclosureExport,
  DisclosureRefusal,
  DisclosureResult,
  NewDisclosure,
} from '../../disclosures.ts'
import type { Connection } from '../connection.ts'
import { keyOf } from '../person/addresses.ts'
import { type DisclosureRow, decodeDisclosure } from '../policyRows.ts'
import type { AuditWriter } from './audit.ts'
import type { HoldWriter } from './holds.ts'

function refuse(refusal: DisclosureRefusal): DisclosureResult {
  return { ok: false, refusal }
}

export class DisclosureWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly holds: HoldWriter

  constructor(database: Connection, audit: AuditWriter, holds: HoldWriter) {
    this.database = database
    this.audit = audit
    this.holds = holds
  }

  record([demand, act]: [NewDisclosure, DisclosureAct]): Disclosure {
    const { authority, basis, scope, receivedAt, gagUntil, note } = demand
    const { id: recorder, email } = act.actor
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO disclosure (authority, basis, scope, received_at, gag_until, state, recorder, recorded_by, recorded_at, note)
         VALUES (?, ?, ?, ?, ?, 'recorded', ?, ?, ?, ?)`,
      )
      .run(authority, basis, JSON.stringify(scope), receivedAt, gagUntil ?? null, recorder, email, act.at, note)
    const id = Number(lastInsertRowid)
    const hold = demand.hold
      ? this.holds.place([scope, { actor: email, at: act.at, reason: `legal demand ${id}` }])
      : undefined
    this.database.prepare('UPDATE disclosure SET hold = ? WHERE id = ?').run(hold ?? null, id)
    this.tell('disclosures.record', id, act, { kind: scope.kind, hold: hold ?? null, gagUntil: gagUntil ?? null })
    return this.find(id)!
  }

  approve([id, act]: [number, DisclosureAct]): DisclosureResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state !== 'recorded') return refuse('wrong state')
    if (act.actor.id === 0) return refuse('no person')
    if (act.actor.id === row.recorder || keyOf(act.actor.email) === keyOf(row.recorded_by)) return refuse('same person')
    this.database
      .prepare("UPDATE disclosure SET state = 'approved', approver = ?, approved_by = ?, approved_at = ? WHERE id = ?")
      .run(act.actor.id, act.actor.email, act.at, id)
    return this.done('disclosures.approve', id, act)
  }

  refuse([id, act]: [number, DisclosureAct]): DisclosureResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state !== 'recorded' && row.state !== 'approved') return refuse('wrong state')
    this.database.prepare("UPDATE disclosure SET state = 'refused' WHERE id = ?").run(id)
    return this.done('disclosures.refuse', id, act)
  }

  exported([id, made, act]: [number, Omit<DisclosureExport, 'at' | 'by'>, DisclosureAct]): DisclosureResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state !== 'approved' && row.state !== 'exported') return refuse('wrong state')
    const { records, bytes, sha256 } = made
    this.database
      .prepare(
        `UPDATE disclosure SET state = 'exported', exported_at = ?, exported_by = ?, export_records = ?, export_bytes = ?,
         export_sha256 = ? WHERE id = ?`,
      )
      .run(act.at, act.actor.email, records, bytes, sha256, id)
    return this.done('disclosures.export', id, act, { records, bytes, sha256 })
  }

  told([id, act]: [number, DisclosureAct]): DisclosureResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state === 'closed') return refuse('wrong state')
    if (row.gag_until !== null && act.at < row.gag_until) return refuse('gag')
    if (row.notice_at !== null) return refuse('told')
    this.database.prepare('UPDATE disclosure SET notice_at = ? WHERE id = ?').run(act.at, id)
    return this.done('disclosures.notice', id, act, { told: true })
  }

  untold([id, act]: [number, DisclosureAct]): DisclosureResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state === 'closed') return refuse('wrong state')
    if (row.notice_at !== null) return refuse('told')
    this.database.prepare('UPDATE disclosure SET no_notice_reason = ? WHERE id = ?').run(act.reason, id)
    return this.done('disclosures.notice', id, act, { told: false })
  }

  /** @param headers header records the hold had kept beyond their day */
  close([id, headers, act]: [number, number, DisclosureAct]): DisclosureResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state !== 'exported' && row.state !== 'refused' && row.state !== 'approved') return refuse('wrong state')
    const isTold = row.notice_at !== null || row.no_notice_reason !== ''
    if (row.state !== 'refused' && !isTold) return refuse('untold')
    this.database.prepare("UPDATE disclosure SET state = 'closed' WHERE id = ?").run(id)
    if (row.hold !== null) {
      const reason = `legal demand ${id} was closed`
      this.holds.release([row.hold, headers, { actor: act.actor.email, at: act.at, reason }])
    }
    return this.done('disclosures.close', id, act, { hold: row.hold })
  }

  private row(id: number): DisclosureRow | undefined {
    return this.database.prepare('SELECT * FROM disclosure WHERE id = ?').get(id) as DisclosureRow | undefined
  }

  private find(id: number): Disclosure | undefined {
    const row = this.row(id)
    return row && decodeDisclosure(row)
  }

  private done(action: string, id: number, act: DisclosureAct, facts: object = {}): DisclosureResult {
    this.tell(action, id, act, facts)
    return { ok: true, disclosure: this.find(id)! }
  }

  private tell(action: string, id: number, { actor, at, reason }: DisclosureAct, facts: object): void {
    const object = `disclosure ${id}`
    this.audit.append({
      at,
      actor: actor.email,
      action,
      object,
      reason,
      details: {},
      facts: { disclosure: id, ...facts },
    })
  }
}
