/**
 * Writes of the disclosure register. Who may do what is decided inside the writing transaction, from what the database
 * says then: of two approvals at once one wins, and nobody approves what they recorded themselves.
 */

import { findingKey } from '../../../model/addressKey.ts'
import type {
  LegalRequest,
  LegalRequestAct,
  LegalRequestExport,
  LegalRequestRefusal,
  LegalRequestResult,
  NewLegalRequest,
} from '../../legalRequests.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { HoldWriter } from '../holds/writer.ts'
import { decodeLegalRequest, type LegalRequestRow } from '../policy/rows.ts'
import type { Connection } from '../thread/connection.ts'

function refuse(refusal: LegalRequestRefusal): LegalRequestResult {
  return { ok: false, refusal }
}

export class LegalRequestWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly holds: HoldWriter

  constructor(database: Connection, audit: AuditWriter, holds: HoldWriter) {
    this.database = database
    this.audit = audit
    this.holds = holds
  }

  record(demand: NewLegalRequest, act: LegalRequestAct): LegalRequest {
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
      ? this.holds.place(scope, { actor: email, at: act.at, reason: `legal demand ${id}` })
      : undefined
    this.database.prepare('UPDATE disclosure SET hold = ? WHERE id = ?').run(hold ?? null, id)
    this.tell('disclosures.record', id, act, { kind: scope.kind, hold: hold ?? null, gagUntil: gagUntil ?? null })
    return this.find(id)!
  }

  approve(id: number, act: LegalRequestAct): LegalRequestResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state !== 'recorded') return refuse('wrong state')
    if (act.actor.id === 0) return refuse('no person')
    if (act.actor.id === row.recorder || findingKey(act.actor.email) === findingKey(row.recorded_by))
      return refuse('same person')
    this.database
      .prepare("UPDATE disclosure SET state = 'approved', approver = ?, approved_by = ?, approved_at = ? WHERE id = ?")
      .run(act.actor.id, act.actor.email, act.at, id)
    return this.done('disclosures.approve', id, act)
  }

  refuse(id: number, act: LegalRequestAct): LegalRequestResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state !== 'recorded' && row.state !== 'approved') return refuse('wrong state')
    this.database.prepare("UPDATE disclosure SET state = 'refused' WHERE id = ?").run(id)
    return this.done('disclosures.refuse', id, act)
  }

  exported(id: number, made: Omit<LegalRequestExport, 'at' | 'by'>, act: LegalRequestAct): LegalRequestResult {
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

  told(id: number, act: LegalRequestAct): LegalRequestResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state === 'closed') return refuse('wrong state')
    if (row.gag_until !== null && act.at < row.gag_until) return refuse('gag')
    if (row.notice_at !== null) return refuse('told')
    this.database.prepare('UPDATE disclosure SET notice_at = ? WHERE id = ?').run(act.at, id)
    return this.done('disclosures.notice', id, act, { told: true })
  }

  untold(id: number, act: LegalRequestAct): LegalRequestResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state === 'closed') return refuse('wrong state')
    if (row.notice_at !== null) return refuse('told')
    this.database.prepare('UPDATE disclosure SET no_notice_reason = ? WHERE id = ?').run(act.reason, id)
    return this.done('disclosures.notice', id, act, { told: false })
  }

  /** @param headers header records the hold had kept beyond their day */
  close(id: number, headers: number, act: LegalRequestAct): LegalRequestResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (row.state !== 'exported' && row.state !== 'refused' && row.state !== 'approved') return refuse('wrong state')
    const isNotified = row.notice_at !== null || row.no_notice_reason !== ''
    if (row.state !== 'refused' && !isNotified) return refuse('untold')
    this.database.prepare("UPDATE disclosure SET state = 'closed' WHERE id = ?").run(id)
    if (row.hold !== null) {
      const reason = `legal demand ${id} was closed`
      this.holds.release(row.hold, headers, { actor: act.actor.email, at: act.at, reason })
    }
    return this.done('disclosures.close', id, act, { hold: row.hold })
  }

  private row(id: number): LegalRequestRow | undefined {
    return this.database.prepare('SELECT * FROM disclosure WHERE id = ?').get(id) as LegalRequestRow | undefined
  }

  private find(id: number): LegalRequest | undefined {
    const row = this.row(id)
    return row && decodeLegalRequest(row)
  }

  private done(action: string, id: number, act: LegalRequestAct, facts: object = {}): LegalRequestResult {
    this.tell(action, id, act, facts)
    return { ok: true, legalRequest: this.find(id)! }
  }

  private tell(action: string, id: number, { actor, at, reason }: LegalRequestAct, facts: object): void {
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
