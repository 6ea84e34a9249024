/** What every act on a request does: its step on the path, its line in the timeline, its entry in the audit log. */

import { type RequestMove, type RequestState, stageOf, transitionRequest } from '../../../model/request.ts'
import type { NewLetter, RequestAct, RequestResult } from '../../requests.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { Connection } from '../thread/connection.ts'
import { REQUEST_COLUMNS, type RequestRow } from './rows.ts'

export const done: RequestResult = { ok: true }

export function obstacle(text: string): RequestResult {
  return { ok: false, obstacle: text }
}

/** Moves that disclose or destroy, or lead there. */
const careful: readonly RequestMove[] = ['decide', 'execute', 'finish', 'answer']

export class RequestTimeline {
  protected readonly database: Connection
  private readonly audit: AuditWriter
  private readonly insertEvent
  private readonly insertLetter
  private readonly select

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
    this.insertEvent = database.prepare(
      'INSERT INTO request_event (request, at, actor, kind, text) VALUES (?, ?, ?, ?, ?)',
    )
    this.insertLetter = database.prepare(
      `INSERT INTO request_letter (request, kind, account, about, address, subject, text, at, message)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.select = database.prepare(`SELECT ${REQUEST_COLUMNS} FROM request WHERE id = ?`)
  }

  protected row(id: number): RequestRow | undefined {
    return this.select.get(id) as RequestRow | undefined
  }

  protected stage({ state, outcome }: RequestRow) {
    return stageOf({ state, outcome: outcome ?? undefined })
  }

  /** The one place where the state of a request changes. */
  protected move({ request }: RequestAct, move: RequestMove): RequestResult {
    const row = this.row(request)
    if (!row) return obstacle('there is no such request')
    const stage = this.stage(row)
    const to: RequestState | undefined = transitionRequest(stage, move)
    if (to === undefined) return obstacle(`request ${request} is ${stage}`)
    if (careful.includes(move) && row.identity_how === null)
      return obstacle(`it is not known who asks: confirm the identity for request ${request} first`)
    this.database.prepare('UPDATE request SET state = ? WHERE id = ?').run(to, request)
    return done
  }

  protected write(act: RequestAct, letter: NewLetter, message?: number): void {
    const { kind, account, about, to, subject, text } = letter
    this.insertLetter.run(act.request, kind, account, about ?? null, to, subject, text, act.at, message ?? null)
    this.tell(act, 'letter', kind)
  }

  /** Writes a line into the timeline. Returns its id. */
  protected tell({ request, actor, at }: RequestAct, kind: string, text: string): number {
    return Number(this.insertEvent.run(request, at, actor.email, kind, text).lastInsertRowid)
  }

  protected record(act: RequestAct, action: string, reason: string, facts: Record<string, unknown>): void {
    const { request, actor, at } = act
    this.audit.append({
      at,
      actor: actor.email,
      action,
      object: `request ${request}`,
      reason,
      details: {},
      facts: { request, ...facts },
    })
  }
}
