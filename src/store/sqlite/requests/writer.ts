/**
 * Writes of requests: each act with its line in the timeline and its entry in the audit log, in one transaction. Whether
 * an act may be done is decided here: nothing is disclosed or destroyed before it is known who asks. The audit log gets
 * numbers and kinds, never the address of the person.
 */

import { findingKey, sameMailbox } from '../../../model/addressKey.ts'
import {
  CODE_DAYS,
  CODE_TRIES,
  closingOutcomes,
  dueAt,
  type RequestMove,
  type RequestOutcome,
  transitionRequest,
} from '../../../model/request.ts'
import { DAY_MS } from '../../../model/retention.ts'
import type { Actor } from '../../cases.ts'
import type {
  CodeResult,
  Execution,
  NewLetter,
  NewRequest,
  OpenedRequest,
  RequestAct,
  RequestChange,
  RequestResult,
  RequestStep,
  StoredLetter,
  StoredRequestEvent,
  StoredSearch,
} from '../../requests.ts'
import { done, obstacle, RequestTimeline } from './timeline.ts'

type DeadCode = Exclude<CodeResult, 'confirmed' | 'wrong' | 'none'>

const deadCodes: Record<DeadCode, string> = {
  expired: 'is too old',
  'used up': 'was tried too often',
  moved: 'went to an address that is not written to any more',
}

export class RequestWriter extends RequestTimeline {
  open(given: NewRequest, actor: Actor, at: number): OpenedRequest {
    if (given.inbox !== undefined && !this.endMail(given.inbox)) return { kind: 'gone' }
    const known = this.known(given)
    if (known !== undefined) {
      const act = { request: known, actor, at }
      if (given.text !== '') this.tell(act, given.source === 'mail' ? 'mail' : 'note', given.text)
      if (given.suppress) this.suppressToo(act)
      this.record(act, 'requests.attach', '', { source: given.source })
      if (given.identity !== undefined) this.confirm(act, given.identity)
      return { kind: 'known', id: known }
    }
    const id = this.insert(given)
    const act = { request: id, actor, at }
    this.tell(act, 'received', `by ${given.source}`)
    if (given.guess !== undefined) this.tell(act, 'guess', given.guess)
    const { kind, track, account, source, parent } = given
    this.record(act, 'requests.open', '', { kind, track, account: account ?? null, source, parent: parent ?? null })
    if (given.identity !== undefined) this.confirm(act, given.identity)
    if (given.parent !== undefined) this.ordered({ ...act, request: given.parent }, id)
    this.acknowledge(act, given.acknowledgement)
    return { kind: 'opened', id }
  }

  /** An order for a person's request. One that was closed because none came in time waits for this one: the person is told. */
  private ordered(act: RequestAct, order: number): void {
    this.tell(act, 'order', `request ${order} of the account was made for it`)
    const row = this.row(act.request)
    if (row?.state !== 'closed' || row.outcome !== 'forwarded' || row.erased_at !== null) return
    this.move(act, 'reopen')
    this.database.prepare('UPDATE request SET closed_at = NULL WHERE id = ?').run(act.request)
    this.record(act, 'requests.reopen', '', { order })
  }

  private insert(given: NewRequest): number {
    const { kind, track, subject, account, source, receivedAt, parent, text, correction, suppress } = given
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO request (kind, track, subject, account, source, received_at, due_at, state, parent, text,
           correction, suppress) VALUES (?, ?, ?, ?, ?, ?, ?, 'received', ?, ?, ?, ?)`,
      )
      .run(
        kind,
        track,
        subject,
        account ?? null,
        source,
        receivedAt,
        dueAt(receivedAt, false),
        parent ?? null,
        text,
        correction,
        suppress ? 1 : 0,
      )
    return Number(lastInsertRowid)
  }

  /** Who asks again and wants not to be written to any more as well gets both. */
  private suppressToo(act: RequestAct): void {
    const sql = 'UPDATE request SET suppress = 1 WHERE id = ? AND suppress = 0'
    if (this.database.prepare(sql).run(act.request).changes > 0)
      this.tell(act, 'changed', 'asked for again, and not to be written to any more')
  }

  /** An open request of the same person about the same. To correct something else is another request. */
  private known({ kind, track, subject, account, parent, correction }: NewRequest): number | undefined {
    const rows = this.database
      .prepare(
        `SELECT id, subject FROM request WHERE kind = ? AND track = ? AND account IS ? AND parent IS ?
           AND ? IN ('', correction) AND state IN ('received', 'identified')`,
      )
      .all(kind, track, account ?? null, parent ?? null, correction) as { id: number; subject: string }[]
    return rows.find((row) => sameMailbox(row.subject, subject))?.id
  }

  /** At most once a day an address, whatever it writes about (RFC 3834 §2). */
  private acknowledge(act: RequestAct, letter: NewLetter | undefined): void {
    if (!letter) return
    const recent = this.database
      .prepare("SELECT address FROM request_letter WHERE kind = 'acknowledgement' AND at > ?")
      .pluck()
      .all(act.at - DAY_MS) as string[]
    const to = findingKey(letter.to)
    if (recent.some((address) => findingKey(address) === to)) return
    const numbered = (text: string) => text.replaceAll('{id}', String(act.request))
    this.write(act, { ...letter, subject: numbered(letter.subject), text: numbered(letter.text) })
  }

  private endMail(inbox: number): boolean {
    return this.database.prepare('DELETE FROM inbox WHERE id = ?').run(inbox).changes > 0
  }

  change(act: RequestAct, change: RequestChange, reason: string): RequestResult {
    const row = this.row(act.request)
    if (!row) return obstacle('there is no such request')
    const isOwnerOnly = Object.entries(change).every(([name, value]) => name === 'owner' || value === undefined)
    const isUndecided = row.state === 'received' || row.state === 'identified' || this.stage(row) === 'forwarded'
    if (!isOwnerOnly && !isUndecided) return obstacle(`it is ${row.state}: how it is read cannot be changed any more`)
    const changesWhose = change.track !== undefined || change.account !== undefined
    const next = {
      kind: change.kind ?? row.kind,
      track: change.track ?? row.track,
      account: change.account === undefined ? row.account : change.account,
      owner: change.owner === undefined ? row.owner : change.owner,
      correction: change.correction ?? row.correction,
      suppress: change.suppress === undefined ? row.suppress : Number(change.suppress),
      id: act.request,
    }
    this.database
      .prepare(
        `UPDATE request SET kind = @kind, track = @track, account = @account, owner = @owner, correction = @correction,
           suppress = @suppress WHERE id = @id`,
      )
      .run(next)
    // who asks was confirmed for another question
    if (changesWhose && row.identity_how !== null) this.unconfirm(act.request)
    const { kind, track, account, suppress } = next
    this.tell(act, 'changed', reason)
    this.record(act, 'requests.change', reason, { kind, track, account, suppress })
    return done
  }

  private unconfirm(id: number): void {
    this.database
      .prepare(
        `UPDATE request SET identity_how = NULL, identity_by = NULL, identity_at = NULL,
           state = CASE state WHEN 'identified' THEN 'received' ELSE state END WHERE id = ?`,
      )
      .run(id)
    this.database.prepare('DELETE FROM request_code WHERE request = ?').run(id)
  }

  note(act: RequestAct, text: string): StoredRequestEvent {
    const id = this.tell(act, 'note', text)
    this.record(act, 'requests.note', '', {})
    return { id, at: act.at, actor: act.actor.email, kind: 'note', text }
  }

  attach(act: RequestAct, text: string, inbox: number): void {
    if (!this.endMail(inbox)) return
    this.tell(act, 'mail', text)
    this.record(act, 'requests.attach', '', { source: 'mail' })
  }

  codeSent(act: RequestAct, hash: string, letter: Omit<StoredLetter, 'id' | 'request' | 'at'>): RequestResult {
    const row = this.row(act.request)
    if (!row || transitionRequest(this.stage(row), 'identify') === undefined)
      return obstacle('who asks needs no confirmation now')
    this.database
      .prepare('INSERT OR REPLACE INTO request_code (request, hash, sent_at, tries) VALUES (?, ?, ?, 0)')
      .run(act.request, hash, act.at)
    this.write(act, letter, letter.message)
    this.tell(act, 'identity', 'a code was mailed')
    this.record(act, 'requests.sendCode', '', {})
    return done
  }

  tryCode(act: RequestAct, hashes: string[]): CodeResult {
    const code = this.database.prepare('SELECT * FROM request_code WHERE request = ?').get(act.request) as
      | { hash: string; sent_at: number; tries: number }
      | undefined
    if (!code) return 'none'
    const dead = this.deadCode(act, code)
    if (dead) {
      // who answered by mail waits for somebody to see it
      this.tell(act, 'identity', `a code was given, but the one that was mailed ${deadCodes[dead]}: mail a new one`)
      return dead
    }
    if (hashes.includes(code.hash)) {
      this.confirm(act, 'the code mailed to the address was answered')
      return 'confirmed'
    }
    this.database.prepare('UPDATE request_code SET tries = tries + 1 WHERE request = ?').run(act.request)
    this.tell(act, 'identity', 'a wrong code was given')
    this.record(act, 'requests.wrongCode', '', { tries: code.tries + 1 })
    return 'wrong'
  }

  /** Why a code counts no more. It shows who reads the mailbox it went to, and nothing when another is written to now. */
  private deadCode({ request, at }: RequestAct, code: { sent_at: number; tries: number }): DeadCode | undefined {
    if (at - code.sent_at > CODE_DAYS * DAY_MS) return 'expired'
    if (code.tries >= CODE_TRIES) return 'used up'
    const mailed = this.database
      .prepare(
        `SELECT address, CASE track WHEN 'third party' THEN request.subject
           ELSE (SELECT contact FROM account WHERE account.id = request.account) END AS respondent
         FROM request_letter JOIN request ON request.id = request_letter.request
         WHERE request.id = ? AND request_letter.kind = 'code' ORDER BY request_letter.id DESC LIMIT 1`,
      )
      .get(request) as { address: string; respondent: string | null }
    return sameMailbox(mailed.address, mailed.respondent ?? '') ? undefined : 'moved'
  }

  confirm(act: RequestAct, how: string): RequestResult {
    const moved = this.move(act, 'identify')
    if (!moved.ok) return moved
    this.database
      .prepare('UPDATE request SET outcome = NULL, identity_how = ?, identity_by = ?, identity_at = ? WHERE id = ?')
      .run(how, act.actor.email, act.at, act.request)
    this.database.prepare('DELETE FROM request_code WHERE request = ?').run(act.request)
    this.tell(act, 'identity', how)
    this.record(act, 'requests.confirm', how, {})
    return done
  }

  step(act: RequestAct, { move, outcome, ground, letters, text, reason, execution }: RequestStep): RequestResult {
    const wrong = move === 'close' ? this.closingObstacle(act.request, outcome) : undefined
    if (wrong !== undefined) return obstacle(wrong)
    const moved = this.move(act, move)
    if (!moved.ok) return moved
    const isOver = this.row(act.request)!.state === 'closed'
    const takesBack = move === 'decide'
    this.database
      .prepare(
        `UPDATE request SET outcome = CASE WHEN @takesBack THEN NULL ELSE coalesce(@outcome, outcome) END,
           ground = coalesce(@ground, ground), closed_at = CASE WHEN @isOver THEN @at ELSE closed_at END WHERE id = @id`,
      )
      .run({
        outcome: outcome ?? null,
        ground: ground ?? null,
        takesBack: takesBack ? 1 : 0,
        isOver: isOver ? 1 : 0,
        at: act.at,
        id: act.request,
      })
    if (execution) this.executed(act.request, execution, [])
    this.tell(act, eventOf[move], text)
    this.record(act, `requests.${move}`, reason, { outcome: outcome ?? null, ground: ground ?? null })
    for (const letter of letters) this.write(act, letter)
    return done
  }

  extend(act: RequestAct, letter: NewLetter, reason: string): RequestResult {
    const row = this.row(act.request)
    if (!row) return obstacle('there is no such request')
    if (row.extended === 1) return obstacle('it was extended before: once is all there is')
    if (row.state === 'answered' || row.state === 'closed') return obstacle(`it is ${row.state}`)
    if (act.at > row.due_at) return obstacle('it was due before: an extension is told before the time is over')
    const due = dueAt(row.received_at, true)
    this.database.prepare('UPDATE request SET extended = 1, due_at = ? WHERE id = ?').run(due, act.request)
    this.tell(act, 'extended', reason)
    this.record(act, 'requests.extend', reason, { dueAt: due })
    this.write(act, letter)
    return done
  }

  searched(act: RequestAct, search: StoredSearch): void {
    this.database.prepare('UPDATE request SET search = ? WHERE id = ?').run(JSON.stringify(search), act.request)
    const found = search.places.reduce((sum, { count }) => sum + count, 0)
    this.tell(act, 'search', search.state === 'done' ? `${found} found` : search.state)
    this.record(act, 'requests.search', '', { state: search.state, found })
  }

  executed(id: number, execution: Execution, receipts: number[]): void {
    const known = JSON.parse(this.row(id)?.receipts ?? '[]') as number[]
    const all = [...new Set([...known, ...receipts])]
    this.database
      .prepare('UPDATE request SET execution = ?, receipts = ? WHERE id = ?')
      .run(JSON.stringify(execution), JSON.stringify(all), id)
  }

  bindHold(act: RequestAct, hold: number | undefined, text: string): void {
    this.database.prepare('UPDATE request SET hold = ? WHERE id = ?').run(hold ?? null, act.request)
    this.tell(act, 'restriction', text)
    this.record(act, 'requests.restrict', '', { hold: hold ?? null })
  }

  letterSent(letter: number, message: number): void {
    this.database.prepare('UPDATE request_letter SET message = ? WHERE id = ?').run(message, letter)
  }

  /** Words of people go; what the relay itself wrote into the timeline names nobody. */
  forget(act: RequestAct, hash: string): void {
    this.database
      .prepare(
        `UPDATE request SET subject = ?, text = '', correction = '', identity_how = CASE WHEN identity_how IS NULL THEN
           NULL ELSE 'confirmed' END, erased_at = ? WHERE id = ?`,
      )
      .run(hash, act.at, act.request)
    this.database
      .prepare(
        `UPDATE request_event SET text = '' WHERE request = ? AND kind IN
           ('mail', 'note', 'changed', 'identity', 'extended', 'refused', 'decision', 'closed', 'guess')`,
      )
      .run(act.request)
    this.database.prepare("UPDATE request_letter SET address = '', text = '' WHERE request = ?").run(act.request)
    this.database.prepare('DELETE FROM request_code WHERE request = ?').run(act.request)
    this.tell(act, 'erased', 'the person was taken out of this request')
    this.record(act, 'requests.forget', '', {})
  }

  /** Why a request cannot end with this outcome; undefined when it can, or cannot end at all. */
  private closingObstacle(id: number, outcome: RequestOutcome | undefined): string | undefined {
    const row = this.row(id)
    const possible = row ? closingOutcomes({ state: row.state, outcome: row.outcome ?? undefined }) : []
    if (outcome === undefined || possible.length === 0 || possible.includes(outcome)) return undefined
    return `request ${id} is ${this.stage(row!)}: it can only be closed as ${possible.join(' or ')}`
  }
}

/** Kind of the line a move leaves in the timeline. */
const eventOf: Record<RequestMove, string> = {
  identify: 'identity',
  forward: 'forwarded',
  decide: 'decision',
  execute: 'execution',
  finish: 'execution',
  answer: 'answered',
  report: 'answered',
  refuse: 'refused',
  settle: 'closed',
  close: 'closed',
  reopen: 'order',
}
