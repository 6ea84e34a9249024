/**
 * Writes of actions: what a case does to its account, with what the account was before, in one transaction. So an action
 * is undone to what it was, and no account is ever held or suspended without an action that says so. The queue and the
 * letter follow (`src/abuse/cases/followAction.ts`); until then the action is pending.
 */

import type { Account } from '../../../model/account.ts'
import type { ActionKind } from '../../../model/case.ts'
import type { AccountChange, Actor, NewAction, PendingAction } from '../../cases.ts'
import type { Connection } from '../thread/connection.ts'
import type { TrustWriter } from '../trust/writer.ts'
import { type ActionRow, decodeAction } from './rows.ts'
import type { CaseWriter } from './writer.ts'

/** What the brake writes at once. */
export interface AutomaticHoldOrder {
  account: number
  reason: string
  note: string
  signals: number[]
  action: Omit<NewAction, 'case'>
  actor: Actor
}

type Before = Pick<Account, 'status' | 'statusReason' | 'outgoing'> & { hourlyLimit: number | null }

/** What an account was before an action of an older version. */
const unknown: Before = { status: 'active', statusReason: '', outgoing: 'flow', hourlyLimit: null }

/** Kinds that change the same thing: the later one stands. */
const kindsLike: Readonly<Record<ActionKind, readonly ActionKind[]>> = {
  warn: [],
  throttle: ['throttle'],
  hold: ['hold'],
  suspend: ['suspend', 'close account'],
  'close account': ['suspend', 'close account'],
  'end trust': [],
}

export class ActionWriter {
  private readonly database: Connection
  private readonly cases: CaseWriter
  private readonly trust: TrustWriter

  constructor(database: Connection, cases: CaseWriter, trust: TrustWriter) {
    this.database = database
    this.cases = cases
    this.trust = trust
  }

  /** Writes an action down and does to the account what it says. */
  add(action: NewAction, actor: Actor): { id: number; change: AccountChange | undefined } {
    const { kind, perHour, reason, at, letter } = action
    const account = this.accountOf(action.case)
    const before = this.present(account)
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO case_action (case_id, kind, per_hour, reason, by, at, letter, before, pending)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)`,
      )
      .run(
        action.case,
        kind,
        perHour ?? null,
        reason,
        actor.email,
        at,
        letter ? JSON.stringify(letter) : null,
        JSON.stringify(before),
      )
    const id = Number(lastInsertRowid)
    const act = { case: action.case, actor, at }
    this.cases.tell(act, 'action', `${describe(kind, perHour)}: ${reason}`)
    this.cases.record(act, 'cases.act', reason, { actionId: id, kind, perHour: perHour ?? null })
    const change = this.change(account, kind, made(kind, perHour, reason, before), { actor: actor.email, at, reason })
    return { id, change: change && { account, ...change } }
  }

  /**
   * Takes an action back: the account is again what it was before, unless something later stands, a further action or
   * what a person decided elsewhere. Then that stays, and goes back past this one when it is undone itself.
   */
  undo(id: number, reason: string, actor: Actor, at: number): AccountChange | undefined {
    const row = this.database
      .prepare(
        'UPDATE case_action SET undone_by = ?, undone_at = ?, pending = 1 WHERE id = ? AND undone_at IS NULL RETURNING *',
      )
      .get(actor.email, at, id) as ActionRow | undefined
    if (!row) return undefined
    const act = { case: row.case_id, actor, at }
    this.cases.tell(act, 'action undone', `${row.kind}: ${reason}`)
    this.cases.record(act, 'cases.undo', reason, { actionId: id, kind: row.kind })
    const account = this.accountOf(row.case_id)
    const before = beforeOf(row)
    const later = this.next(account, row)
    if (later) {
      this.database.prepare('UPDATE case_action SET before = ? WHERE id = ?').run(JSON.stringify(before), later.id)
      return undefined
    }
    const present = this.present(account)
    if (!isAsMade(row, present)) return undefined
    const change = this.change(account, row.kind, before, { actor: actor.email, at, reason })
    return change && { account, ...change }
  }

  /**
   * Holds an account because of its signals: the case (the one being worked on, or a new one) with the signals as its
   * evidence, the action and what it does are one transaction. Undefined when the account's mail does not flow any more.
   */
  brake({ account, reason, note, signals, action, actor }: AutomaticHoldOrder) {
    const { status, outgoing } = this.present(account)
    if (status !== 'active' || outgoing !== 'flow') return undefined
    const { at } = action
    const known = this.database
      .prepare(
        `SELECT id FROM review_case WHERE account = ? AND status NOT IN ('decided', 'closed') ORDER BY id LIMIT 1`,
      )
      .pluck()
      .get(account) as number | undefined
    if (known !== undefined) this.cases.addSignals({ case: known, actor, at }, signals)
    const file = known ?? this.cases.open({ account, reason, note, signals, actor, at })
    return { case: file, ...this.add({ ...action, case: file }, actor) }
  }

  /** Those whose queue and letter have not followed yet; oldest first. */
  pending(): PendingAction[] {
    const rows = this.database
      .prepare(
        `SELECT case_action.*, review_case.account FROM case_action JOIN review_case ON review_case.id = case_action.case_id
         WHERE pending = 1 ORDER BY case_action.id`,
      )
      .all() as (ActionRow & { account: number })[]
    return rows.map((row) => ({ ...decodeAction(row), account: row.account }))
  }

  /** The letter of an action is in the queue. */
  told(id: number, message: number): void {
    this.database
      .prepare("UPDATE case_action SET letter = json_set(letter, '$.message', ?) WHERE id = ?")
      .run(message, id)
  }

  /** Everything about an action has followed. */
  done(id: number): void {
    this.database.prepare('UPDATE case_action SET pending = 0 WHERE id = ?').run(id)
  }

  private accountOf(file: number): number {
    return this.database.prepare('SELECT account FROM review_case WHERE id = ?').pluck().get(file) as number
  }

  private present(account: number): Before {
    return this.database
      .prepare(
        `SELECT status, status_reason AS statusReason, outgoing, hourly_limit AS hourlyLimit FROM account WHERE id = ?`,
      )
      .get(account) as Before
  }

  /** The action after this one that changes the same thing of the account, and stands. */
  private next(account: number, { id, kind }: ActionRow): { id: number } | undefined {
    const kinds = kindsLike[kind]
    if (kinds.length === 0) return undefined
    return this.database
      .prepare(
        `SELECT case_action.id FROM case_action JOIN review_case ON review_case.id = case_action.case_id
         WHERE review_case.account = ? AND case_action.id > ? AND undone_at IS NULL
           AND kind IN (${kinds.map(() => '?').join(', ')}) ORDER BY case_action.id LIMIT 1`,
      )
      .get(account, id, ...kinds) as { id: number } | undefined
  }

  /** Makes an account what it is to be, as far as this kind of action goes. Undefined when it changes nothing. */
  private change(
    account: number,
    kind: ActionKind,
    { status, statusReason, outgoing, hourlyLimit }: Before,
    act: { actor: string; at: number; reason: string },
  ): Omit<AccountChange, 'account'> | undefined {
    switch (kind) {
      case 'throttle':
        this.database.prepare('UPDATE account SET hourly_limit = ? WHERE id = ?').run(hourlyLimit, account)
        return { hourlyLimit: hourlyLimit ?? undefined }
      case 'hold':
        this.database.prepare('UPDATE account SET outgoing = ? WHERE id = ?').run(outgoing, account)
        return { outgoing }
      case 'suspend':
      case 'close account': {
        const why = status === 'active' ? '' : statusReason
        this.trust.setStatus(account, status, { ...act, reason: status === 'active' ? act.reason : why })
        return { status, statusReason: why }
      }
      case 'warn':
      case 'end trust':
        return undefined
    }
  }
}

function beforeOf(row: ActionRow): Before {
  return row.before === null ? unknown : (JSON.parse(row.before) as Before)
}

/** What an action makes of an account. */
function made(kind: ActionKind, perHour: number | undefined, reason: string, before: Before): Before {
  switch (kind) {
    case 'throttle':
      return { ...before, hourlyLimit: perHour ?? null }
    case 'hold':
      return { ...before, outgoing: 'held' }
    case 'suspend':
      return { ...before, status: 'suspended', statusReason: reason }
    case 'close account':
      return { ...before, status: 'closed', statusReason: reason }
    case 'warn':
    case 'end trust':
      return before
  }
}

/** Whether an account is still what an action made of it. */
function isAsMade({ kind, per_hour, reason }: ActionRow, present: Before): boolean {
  const { status, outgoing, hourlyLimit } = made(kind, per_hour ?? undefined, reason, present)
  return status === present.status && outgoing === present.outgoing && hourlyLimit === present.hourlyLimit
}

function describe(kind: ActionKind, perHour: number | undefined): string {
  return kind === 'throttle' ? `throttle to ${perHour} an hour` : kind
}
