/** Writes of signals: kept once a fact and day, with what follows from them in one transaction. */

import { formatId, type MessageId } from '../../../model/id.ts'
import { dayOf } from '../../../model/retention.ts'
import { MOST_OF_A_REPORTER, SAME_FACT_MS } from '../../../model/signal.ts'
import type { NewComplaint, NewSignal } from '../../signals.ts'
import type { Act } from '../../trust.ts'
import type { Connection } from '../connection.ts'
import { MOST_MESSAGES } from '../signalRows.ts'
import type { AuditWriter } from './audit.ts'

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

  report(signal: NewSignal, { actor, at, reason }: Act): number {
    const id = this.keep(signal, undefined, 0)
    const { account, messages } = signal
    this.audit.append({
      at,
      actor,
      action: 'signals.report',
      object: `signal ${id}`,
      reason,
      details: {},
      facts: { account: account ?? null, signal: id, messages: messages.map(formatId) },
    })
    return id
  }

  scored(message: MessageId, score: number, flagged: boolean, signals: readonly NewSignal[]): void {
    this.database
      .prepare('UPDATE sample SET score = ?, flagged = ? WHERE message = ?')
      .run(score, flagged ? 1 : 0, message)
    this.add(signals)
  }

  /**
   * Keeps a complaint that came by mail. One that its reporter can prove counts for the trust of the account; of one
   * reporter only so many a day, so that nobody's mail alone ends anything. Returns the account when it counts.
   */
  complain({ reporter, proved, ...signal }: NewComplaint): number | undefined {
    const { account, at, messages } = signal
    const isSuspect = account !== undefined && proved
    const earlier = isSuspect ? (this.countOfReporter.get(reporter, account, at - SAME_FACT_MS) as number) : 0
    const counts = isSuspect && earlier < MOST_OF_A_REPORTER
    const fact = counts ? signal.fact : gathered(isSuspect || account === undefined ? reporter : undefined)
    const before = this.lastId()
    const id = this.keep(
      { ...signal, fact, weight: isSuspect && !counts ? 0 : signal.weight },
      reporter,
      counts ? 1 : 0,
    )
    // told before about this message
    if (!counts || id <= before) return undefined
    const { lastInsertRowid } = this.insertComplaint.run(account, messages[0] ?? null, at)
    const facts = {
      account,
      complaint: Number(lastInsertRowid),
      signal: id,
      message: messages.map(formatId)[0] ?? null,
    }
    this.audit.appendOwn(at, 'signals.complaint', `account ${account}`, facts)
    return account
  }

  private lastId(): number {
    return (this.database.prepare('SELECT max(id) FROM signal').pluck().get() as number | null) ?? 0
  }

  /** Destroys what is from before a moment, except signals of cases. Returns how many signals went. */
  purge(before: number): number {
    this.database.prepare('DELETE FROM inbox WHERE received_at < ?').run(before)
    this.database.prepare('DELETE FROM complaint WHERE at < ?').run(before)
    this.database.prepare('DELETE FROM volume WHERE day < ?').run(dayOf(before))
    return this.database.prepare('DELETE FROM signal WHERE at < ? AND case_id IS NULL').run(before).changes
  }
}
