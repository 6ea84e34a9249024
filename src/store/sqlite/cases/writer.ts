/** Writes of cases: each act with its line in the case's timeline and its entry in the audit log, in one transaction. */

import { type CaseEventKind, type CaseStatus, type Finding, isUnderReview } from '../../../model/case.ts'
import { DAY_MS } from '../../../model/retention.ts'
import type { Actor, CaseEvent } from '../../cases.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { Connection } from '../thread/connection.ts'

/** Who acts, when, on which case. */
export interface CaseAct {
  case: number
  actor: Actor
  at: number
}

export interface NewCase {
  account: number
  reason: string
  note: string
  signals: number[]
  actor: Actor
  at: number
}

export interface Appeal {
  case: number
  /** the mail it came by */
  inbox: number
  text: string
  at: number
}

const system: Actor = { id: 0, email: 'system' }
/** Answers to letters about one case that are kept within a day. */
const MOST_APPEALS = 20

export class CaseWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly insertEvent
  private readonly setStatus
  private readonly attachSignal
  private readonly accountName

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
    this.insertEvent = database.prepare(
      'INSERT INTO case_event (case_id, at, actor, kind, text) VALUES (?, ?, ?, ?, ?)',
    )
    this.setStatus = database.prepare('UPDATE review_case SET status = ? WHERE id = ?')
    this.attachSignal = database.prepare(
      `UPDATE signal SET case_id = ? WHERE id = ? AND account = ? AND case_id IS NULL AND dismissed_at IS NULL`,
    )
    this.accountName = database
      .prepare(
        'SELECT account.name FROM review_case JOIN account ON account.id = review_case.account WHERE review_case.id = ?',
      )
      .pluck()
  }

  open({ account, reason, note, signals, actor, at }: NewCase): number {
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO review_case (account, status, reason, note, opened_by, opened_at) VALUES (?, 'open', ?, ?, ?, ?)`,
      )
      .run(account, reason, note, actor.email, at)
    const id = Number(lastInsertRowid)
    this.tell({ case: id, actor, at }, 'opened', note)
    const attached = this.attach(id, account, signals)
    this.record({ case: id, actor, at }, 'cases.open', note, { account, reason, signals: attached })
    return id
  }

  addSignals(act: CaseAct, signals: number[]): void {
    const account = this.database
      .prepare('SELECT account FROM review_case WHERE id = ?')
      .pluck()
      .get(act.case) as number
    const attached = this.attach(act.case, account, signals)
    if (attached === 0) return
    this.tell(act, 'signal', attached === 1 ? 'a signal was attached' : `${attached} signals were attached`)
    this.record(act, 'cases.addSignals', '', { signals: attached })
  }

  private attach(id: number, account: number, signals: number[]): number {
    return signals.reduce((count, signal) => count + this.attachSignal.run(id, signal, account).changes, 0)
  }

  assign(act: CaseAct, owner: string): void {
    this.database.prepare('UPDATE review_case SET owner = ? WHERE id = ?').run(owner, act.case)
    this.begin(act.case)
    this.tell(act, 'assigned', owner)
    this.record(act, 'cases.assign', '', {}, { owner })
  }

  note(act: CaseAct, text: string): CaseEvent {
    this.begin(act.case)
    const id = this.tell(act, 'note', text)
    this.record(act, 'cases.note', '', {})
    return { id, at: act.at, actor: act.actor.email, kind: 'note', text }
  }

  decide(act: CaseAct, verdict: Finding, note: string): void {
    this.database
      .prepare("UPDATE review_case SET status = 'decided', verdict = ?, decided_at = ? WHERE id = ?")
      .run(verdict, act.at, act.case)
    this.tell(act, 'verdict', `${verdict}: ${note}`)
    this.record(act, 'cases.decide', note, { verdict })
  }

  close(act: CaseAct, note: string): void {
    this.database.prepare("UPDATE review_case SET status = 'closed', closed_at = ? WHERE id = ?").run(act.at, act.case)
    this.tell(act, 'closed', note)
    this.record(act, 'cases.close', note, {})
  }

  reopen(act: CaseAct, reason: string): void {
    this.database
      .prepare(
        "UPDATE review_case SET status = 'in review', verdict = NULL, decided_at = NULL, closed_at = NULL WHERE id = ?",
      )
      .run(act.case)
    this.tell(act, 'reopened', reason)
    this.record(act, 'cases.reopen', reason, {})
  }

  /** An answer of the account to a letter; it opens a case that is decided again. Too many a day are not kept. */
  appeal({ case: id, inbox, text, at }: Appeal): void {
    if (this.database.prepare('DELETE FROM inbox WHERE id = ?').run(inbox).changes === 0) return
    const status = this.database.prepare('SELECT status FROM review_case WHERE id = ?').pluck().get(id) as
      | CaseStatus
      | undefined
    const today = this.database
      .prepare("SELECT count(*) FROM case_event WHERE case_id = ? AND kind = 'appeal' AND at > ?")
      .pluck()
      .get(id, at - DAY_MS) as number
    if (status === undefined || today >= MOST_APPEALS) return
    const act = { case: id, actor: system, at }
    this.tell(act, 'appeal', text)
    const isOver = !isUnderReview(status)
    this.record(act, 'cases.appeal', '', { opensAgain: isOver })
    if (isOver) this.reopen(act, 'the account has answered')
  }

  /** A case somebody works on is in review. */
  begin(id: number): void {
    this.database.prepare("UPDATE review_case SET status = 'in review' WHERE id = ? AND status = 'open'").run(id)
  }

  changeStatus(id: number, status: CaseStatus): void {
    this.setStatus.run(status, id)
  }

  /** Writes a line into the timeline. Returns its id. */
  tell({ case: id, actor, at }: CaseAct, kind: CaseEventKind, text: string): number {
    return Number(this.insertEvent.run(id, at, actor.email, kind, text).lastInsertRowid)
  }

  /** Writes an entry of the audit log about a case. */
  record(
    { case: id, actor, at }: CaseAct,
    action: string,
    reason: string,
    facts: Record<string, unknown>,
    details: Record<string, unknown> = {},
  ): void {
    const object = `case ${id} on account ${this.accountName.get(id) as string}`
    this.audit.append({ at, actor: actor.email, action, object, reason, details, facts: { case: id, ...facts } })
  }
}
