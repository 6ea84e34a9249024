/** Writes of signals: kept once a fact and day, with what follows from them in one transaction. */

import { formatId, type MessageId } from '../../../model/id.ts'
import { dayOf } from '../../../model/retention.ts'
import { MOST_OF_A_REPORTER, SAME_FACT_MS } from '../../../model/signal.ts'
import type { NewComplaint, NewSignal } from '../../signals.ts'
import type { Act } from '../../trust.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { Connection } from '../thread/connection.ts'
import { MOST_MESSAGES } from './rows.ts'

interface Known {
  id: number
  messages: string
  weight: number
}

/**
 * What does not count is one signal a day, however often it is told: of each reporter; or of all together where nothing
 * is proved, since anybody can write from many places.
 */
function gathered(reporter: string | undefined): string {
  return reporter === undefined ? 'unproved complaints' : `complaints of ${reporter}`
}

export class SignalWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly selectSame
  private readonly insert
  private readonly join
  private readonly countOfReporter
  private readonly countOfMessage
  private readonly insertComplaint

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
    this.selectSame = database.prepare(
      `SELECT id, messages, weight FROM signal WHERE fact = @fact AND kind = @kind AND account IS @account AND at > @since
       ORDER BY id DESC LIMIT 1`,
    )
    this.insert = database.prepare(
      `INSERT INTO signal (account, kind, at, weight, summary, messages, source, fact, value, reporter, counted)
       VALUES (@account, @kind, @at, @weight, @summary, @messages, @source, @fact, @value, @reporter, @counted)`,
    )
    this.join = database.prepare(
      'UPDATE signal SET messages = ?, weight = max(weight, ?), times = times + 1 WHERE id = ?',
    )
    this.countOfReporter = database
      .prepare('SELECT count(*) FROM signal WHERE reporter = ? AND account = ? AND counted = 1 AND at > ?')
      .pluck()
    this.countOfMessage = database
      .prepare('SELECT count(*) FROM signal WHERE fact >= ? AND fact < ? AND counted = 1')
      .pluck()
    this.insertComplaint = database.prepare(
      "INSERT INTO complaint (account, message, at, source, note) VALUES (?, ?, ?, 'feedback', '')",
    )
  }

  add(signals: readonly NewSignal[]): void {
    for (const signal of signals) this.keep(signal, undefined, 0)
  }

  /** Keeps a signal; joins it to the one of the same fact and day, if there is one. Returns the id of either. */
  private keep(signal: NewSignal, reporter: string | undefined, counted: 0 | 1): number {
    const { account, kind, at, weight, summary, source, fact, value } = signal
    const messages = signal.messages.slice(0, MOST_MESSAGES)
    const same = { fact, kind, account: account ?? null }
    const known = this.selectSame.get({ ...same, since: at - SAME_FACT_MS }) as Known | undefined
    if (known) {
      const all = new Set([...(JSON.parse(known.messages) as MessageId[]), ...messages])
      this.join.run(JSON.stringify([...all].slice(0, MOST_MESSAGES)), weight, known.id)
      return known.id
    }
    const rest = { at, weight, summary, source, value: value ?? null, reporter: reporter ?? null, counted }
    const { lastInsertRowid } = this.insert.run({ ...same, ...rest, messages: JSON.stringify(messages) })
    return Number(lastInsertRowid)
  }

  report(signal: NewSignal, act: Act): number {
    const id = this.keep(signal, undefined, 0)
    const { account, messages } = signal
    this.tell('signals.report', id, act, { account: account ?? null, messages: messages.map(formatId) })
    return id
  }

  scored(message: MessageId, score: number, flagged: boolean, signals: readonly NewSignal[]): void {
    this.database
      .prepare('UPDATE sample SET score = ?, flagged = ? WHERE message = ?')
      .run(score, flagged ? 1 : 0, message)
    this.add(signals)
  }

  assign(id: number, account: number, act: Act): boolean {
    const row = this.database
      .prepare(
        'UPDATE signal SET account = ? WHERE id = ? AND account IS NULL AND dismissed_at IS NULL RETURNING kind, messages',
      )
      .get(account, id) as { kind: string; messages: string } | undefined
    if (!row) return false
    const [message] = JSON.parse(row.messages) as MessageId[]
    if (row.kind === 'complaint') this.insertComplaint.run(account, message ?? null, act.at)
    this.tell('signals.assign', id, act, { account })
    return true
  }

  dismiss(id: number, act: Act): boolean {
    const sql = 'UPDATE signal SET dismissed_at = ? WHERE id = ? AND case_id IS NULL AND dismissed_at IS NULL'
    const isDone = this.database.prepare(sql).run(act.at, id).changes > 0
    if (isDone) this.tell('signals.dismiss', id, act, {})
    return isDone
  }

  /** Enters into the audit log what a person did with a signal. */
  private tell(action: string, signal: number, { actor, at, reason }: Act, facts: Record<string, unknown>): void {
    const object = `signal ${signal}`
    this.audit.append({ at, actor, action, object, reason, details: {}, facts: { signal, ...facts } })
  }

  /**
   * Keeps a complaint that came by mail. One that its reporter can prove counts for the trust of the account: of one
   * reporter so many a day, and about a message as many as it had recipients, so that nobody's mail alone ends
   * anything. Returns the account when it counts.
   */
  complain({ reporter, proved, recipients, ...signal }: NewComplaint): number | undefined {
    const { account, kind, at, fact } = signal
    const told = this.selectSame.get({ fact, kind, account: account ?? null, since: at - SAME_FACT_MS })
    if (told) {
      this.keep(signal, reporter, 1)
      return undefined
    }
    if (account === undefined || !proved) {
      this.keep({ ...signal, fact: gathered(account === undefined ? reporter : undefined) }, reporter, 0)
      return undefined
    }
    if (!this.hasRoom(signal, reporter, recipients)) {
      this.keep({ ...signal, fact: gathered(reporter), weight: 0 }, reporter, 0)
      return undefined
    }
    this.count(account, signal, this.keep(signal, reporter, 1))
    return account
  }

  private hasRoom({ account, at, fact }: NewSignal, reporter: string, recipients: number): boolean {
    const ofReporter = this.countOfReporter.get(reporter, account, at - SAME_FACT_MS) as number
    if (ofReporter >= MOST_OF_A_REPORTER) return false
    // facts of a message differ in the reporter, their last word
    const message = fact.slice(0, fact.lastIndexOf(' '))
    return (this.countOfMessage.get(`${message} `, `${message}!`) as number) < recipients
  }

  private count(account: number, { at, messages }: NewSignal, signal: number): void {
    const { lastInsertRowid } = this.insertComplaint.run(account, messages[0] ?? null, at)
    const message = messages.map(formatId)[0] ?? null
    const facts = { account, complaint: Number(lastInsertRowid), signal, message }
    this.audit.appendSystem(at, 'signals.complaint', `account ${account}`, facts)
  }

  /** Destroys what is from before a moment, except signals of cases. Returns how many signals went. */
  purge(before: number): number {
    this.database.prepare('DELETE FROM inbox WHERE received_at < ?').run(before)
    this.database.prepare('DELETE FROM complaint WHERE at < ?').run(before)
    this.database.prepare('DELETE FROM volume WHERE day < ?').run(dayOf(before))
    return this.database.prepare('DELETE FROM signal WHERE at < ? AND case_id IS NULL').run(before).changes
  }
}
