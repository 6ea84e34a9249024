/**
 * Writes of openings of samples. Who may do what is decided inside the writing transaction, from what the database says
 * then: of two approvals at once one wins, and nobody is their own second person.
 */

import { findingKey } from '../../../model/addressKey.ts'
import {
  approvalRefusal,
  type CaseSettings,
  type Finding,
  isUnderReview,
  mayReview,
  needsSecondUser,
  type OpeningState,
  openRefusal,
  type Refusal,
} from '../../../model/case.ts'
import type { Role } from '../../../model/user.ts'
import type { Actor, Opening, OpeningResult } from '../../cases.ts'
import { HeldSamples, KEPT } from '../holds/heldSamples.ts'
import type { Connection } from '../thread/connection.ts'
import { decodeOpening, type OpeningRow, SUSPICION } from './rows.ts'
import type { CaseAct, CaseWriter } from './writer.ts'

const HOUR_MS = 3_600_000
const system: Actor = { id: 0, email: 'system' }

export interface OpeningRequest {
  case: number
  sample: number
  reason: string
  override: string | undefined
  policy: CaseSettings
  actor: Actor
  at: number
  /** samples whose time was over by then are not there any more */
  hideBy: number
}

export interface OpeningOrder {
  id: number
  actor: Actor
  at: number
}

/** An order that needs the sample to be there still. */
interface SampleOrder extends OpeningOrder {
  /** as in a request */
  hideBy: number
}

type Refused = Extract<OpeningResult, { ok: false }>

function refuse(refusal: Refused['refusal']): Refused {
  return { ok: false, refusal }
}

export class OpeningWriter {
  private readonly database: Connection
  private readonly cases: CaseWriter
  private readonly select
  private readonly selectCase

  constructor(database: Connection, cases: CaseWriter) {
    this.database = database
    this.cases = cases
    this.select = database.prepare('SELECT * FROM opening WHERE id = ?')
    this.selectCase = database.prepare('SELECT account, status FROM review_case WHERE id = ?')
  }

  /** Asks for a sample of the case's account to be opened. */
  request({ case: id, sample, reason, override, policy, actor, at, hideBy }: OpeningRequest): OpeningResult {
    const file = this.selectCase.get(id) as { account: number; status: never } | undefined
    if (!file) return refuse('not found')
    if (!isUnderReview(file.status)) return refuse('case closed')
    const owner = this.database.prepare('SELECT account FROM sample WHERE message = ?').pluck().get(sample)
    if (owner !== file.account) return refuse('no sample')
    if (!this.isKept(sample, hideBy)) return refuse('sample over')
    const suspicion = this.database
      .prepare(`SELECT ${SUSPICION} FROM review_case WHERE id = ?`)
      .pluck()
      .get(id) as number
    if (suspicion < policy.threshold && override === undefined) return refuse('suspicion')
    const needsSecond = needsSecondUser(policy, this.reviewers())
    const opensAt = needsSecond ? undefined : at + policy.delayHours * HOUR_MS
    const expiresAt = (opensAt ?? at + 6 * 24 * HOUR_MS) + policy.approvalHours * HOUR_MS
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO opening (case_id, sample, state, reason, override, requester, requested_by, requested_at, needs_second,
         opens_at, expires_at) VALUES (?, ?, 'requested', ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        sample,
        reason,
        override ?? null,
        actor.id,
        actor.email,
        at,
        needsSecond ? 1 : 0,
        opensAt ?? null,
        expiresAt,
      )
    const opening = Number(lastInsertRowid)
    const act = { case: id, actor, at }
    this.cases.begin(id)
    if (needsSecond) this.cases.changeStatus(id, 'waiting for second person')
    this.cases.tell(
      act,
      'opening requested',
      override === undefined ? reason : `${reason} (below the threshold: ${override})`,
    )
    this.cases.record(act, 'openings.request', reason, {
      opening,
      sample,
      suspicion,
      needsSecond,
      override: override !== undefined,
    })
    return this.result(opening)
  }

  approve({ id, actor, at, hideBy }: SampleOrder, policy: CaseSettings): OpeningResult {
    const opening = this.opening(id)
    if (!opening) return refuse('not found')
    if (!this.isOpenCase(opening.case)) return refuse('case closed')
    if (!this.isKept(opening.sample, hideBy)) return refuse('sample over')
    const refusal = approvalRefusal(opening, actor.id, at)
    if (refusal) return refuse(refusal)
    // a second login, by another variant of the address
    if (findingKey(opening.requestedBy) === findingKey(actor.email)) return refuse('own request')
    this.database
      .prepare(
        `UPDATE opening SET state = 'approved', approver = ?, approved_by = ?, approved_at = ?, opens_at = ?, expires_at = ?
         WHERE id = ?`,
      )
      .run(actor.id, actor.email, at, at, at + policy.approvalHours * HOUR_MS, id)
    return this.done(opening, actor, at, 'opening approved', 'openings.approve', '')
  }

  refuse({ id, actor, at }: OpeningOrder, reason: string): OpeningResult {
    const opening = this.opening(id)
    if (!opening) return refuse('not found')
    const refusal = approvalRefusal(opening, actor.id, at)
    if (refusal) return refuse(refusal)
    this.setState(id, 'refused')
    return this.done(opening, actor, at, 'opening refused', 'openings.refuse', reason)
  }

  /** By who asked or who approved, as long as it was not used. */
  revoke({ id, actor, at }: OpeningOrder, reason: string): OpeningResult {
    const row = this.select.get(id) as OpeningRow | undefined
    if (!row) return refuse('not found')
    const opening = decodeOpening(row, at)
    if (opening.state !== 'requested' && opening.state !== 'approved') return refuse('wrong state')
    if (actor.id !== row.requester && actor.id !== row.approver) return refuse('not yours')
    this.setState(id, 'revoked')
    return this.done(opening, actor, at, 'opening revoked', 'openings.revoke', reason)
  }

  /** Takes back what somebody asked for or approved who may not review any more, as long as it was not used. */
  withdraw(person: number, at: number): void {
    const rows = this.database
      .prepare(
        "SELECT * FROM opening WHERE (requester = ? OR approver = ?) AND state IN ('requested', 'approved') AND expires_at > ?",
      )
      .all(person, person, at) as OpeningRow[]
    const reason = 'who asked for it, or approved it, may not review any more'
    for (const row of rows) {
      this.setState(row.id, 'revoked')
      this.done(decodeOpening(row, at), system, at, 'opening revoked', 'openings.revoke', reason)
    }
  }

  /** Gives a case its verdict. What was asked for on it ends: opened again, it is another question. */
  decideCase(act: CaseAct, verdict: Finding, note: string): void {
    this.endWith(act)
    this.cases.decide(act, verdict, note)
  }

  private endWith({ case: id, actor, at }: CaseAct): void {
    const rows = this.database
      .prepare("SELECT * FROM opening WHERE case_id = ? AND state IN ('requested', 'approved') AND expires_at > ?")
      .all(id, at) as OpeningRow[]
    for (const row of rows) {
      this.setState(row.id, 'revoked')
      this.done(decodeOpening(row, at), actor, at, 'opening revoked', 'openings.revoke', 'the case is decided')
    }
  }

  /** Uses an opening up: it is written that the sample was opened before anything is decrypted. */
  use({ id, actor, at, hideBy }: SampleOrder): OpeningResult {
    const opening = this.opening(id)
    if (!opening) return refuse('not found')
    if (!this.isOpenCase(opening.case)) return refuse('case closed')
    if (!this.isKept(opening.sample, hideBy)) return refuse('sample over')
    const refusal: Refusal | undefined = openRefusal(opening, actor.id, at)
    if (refusal) return refuse(refusal)
    this.database.prepare("UPDATE opening SET state = 'used', opened_at = ? WHERE id = ?").run(at, id)
    return this.done(opening, actor, at, 'sample opened', 'openings.view', opening.reason)
  }

  private done(
    opening: Opening,
    actor: Actor,
    at: number,
    kind: Parameters<CaseWriter['tell']>[1],
    action: string,
    reason: string,
  ): OpeningResult {
    const act = { case: opening.case, actor, at }
    this.cases.tell(act, kind, reason || opening.reason)
    this.cases.record(act, action, reason, { opening: opening.id, sample: opening.sample })
    const waiting = this.database
      .prepare(
        "SELECT count(*) FROM opening WHERE case_id = ? AND state = 'requested' AND needs_second = 1 AND expires_at > ?",
      )
      .pluck()
      .get(opening.case, at) as number
    if (waiting === 0 && this.isOpenCase(opening.case)) this.cases.changeStatus(opening.case, 'in review')
    return this.result(opening.id, at)
  }

  private isOpenCase(id: number): boolean {
    const file = this.selectCase.get(id) as { status: never } | undefined
    return file !== undefined && isUnderReview(file.status)
  }

  /** Whether a sample is there and its time is not over, or a hold keeps it. */
  private isKept(sample: number, hideBy: number): boolean {
    const beyond = new HeldSamples(this.database).beyond(hideBy)
    const select = this.database.prepare(`SELECT 1 FROM sample WHERE message = ? AND ${KEPT}`)
    return select.get(sample, hideBy, beyond) !== undefined
  }

  /** How many may review: two logins by variants of one address are one person. */
  private reviewers(): number {
    const users = this.database.prepare('SELECT email, role FROM person').all() as { email: string; role: Role }[]
    return new Set(users.filter(({ role }) => mayReview(role)).map(({ email }) => findingKey(email))).size
  }

  private setState(id: number, state: OpeningState): void {
    this.database.prepare('UPDATE opening SET state = ? WHERE id = ?').run(state, id)
  }

  /** As written: a state that has run out is judged by the policy's functions. */
  private opening(id: number): Opening | undefined {
    const row = this.select.get(id) as OpeningRow | undefined
    return row && decodeOpening(row, 0)
  }

  private result(id: number, now = 0): OpeningResult {
    return { ok: true, opening: decodeOpening(this.select.get(id) as OpeningRow, now) }
  }
}
