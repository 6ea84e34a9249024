/** Reads requests: the list by days left, one with its whole path, and what the relay itself has to do. */

import { DUE_SOON_DAYS } from '../../../model/request.ts'
import { DAY_MS } from '../../../model/retention.ts'
import type { RequestQuery, RequestRecord, StoredLetter, StoredRequestEvent, SubjectRequest } from '../../requests.ts'
import { activeHolds, matcherOf } from '../holds/matcher.ts'
import { AUDITED_REQUEST } from '../subjects/columns.ts'
import type { Connection } from '../thread/connection.ts'
import { decodeLetter, decodeRequest, type LetterRow, REQUEST_COLUMNS, type RequestRow, WROTE_AGAIN } from './rows.ts'

/** Somebody still has to act. */
const OPEN = `(state NOT IN ('answered', 'closed') OR (${WROTE_AGAIN}))`
/** Where a request stands in the list: open ones by the day they are due, then the others, newest first. */
const RANK = `CASE WHEN ${OPEN} THEN 0 ELSE 1 END`
const ORDER = `CASE WHEN ${OPEN} THEN due_at ELSE -received_at END`

export class RequestReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  list({ state, kind, track, account, limit, cursor }: RequestQuery): {
    requests: SubjectRequest[]
    next: string | undefined
  } {
    const [rank, order, after] = cursor === undefined ? [0, Number.MIN_SAFE_INTEGER, 0] : cursor.split('.').map(Number)
    const rows = this.main
      .prepare(
        `SELECT ${REQUEST_COLUMNS}, ${RANK} AS rank, ${ORDER} AS place FROM request
         WHERE (@state = 'all' OR (@state = 'open') = (${OPEN}))
           AND (@kind IS NULL OR kind = @kind) AND (@track IS NULL OR track = @track)
           AND (@account IS NULL OR account = @account)
           AND (${RANK}, ${ORDER}, id) > (@rank, @order, @after)
         ORDER BY ${RANK}, ${ORDER}, id LIMIT @limit`,
      )
      .all({
        state,
        kind: kind ?? null,
        track: track ?? null,
        account: account ?? null,
        rank,
        order,
        after,
        limit,
      }) as (RequestRow & { rank: number; place: number })[]
    const last = rows.at(-1)
    const next = last && rows.length === limit ? `${last.rank}.${last.place}.${last.id}` : undefined
    return { requests: rows.map(decodeRequest), next }
  }

  get(id: number): RequestRecord | undefined {
    const row = this.main.prepare(`SELECT ${REQUEST_COLUMNS} FROM request WHERE id = ?`).get(id) as
      | RequestRow
      | undefined
    if (!row) return undefined
    const events = this.main
      .prepare('SELECT id, at, actor, kind, text FROM request_event WHERE request = ? ORDER BY id')
      .all(id) as StoredRequestEvent[]
    const letters = this.main
      .prepare('SELECT * FROM request_letter WHERE request = ? ORDER BY id')
      .all(id) as LetterRow[]
    const orders = this.main
      .prepare(`SELECT ${REQUEST_COLUMNS} FROM request WHERE parent = ? ORDER BY id`)
      .all(id) as RequestRow[]
    return {
      ...decodeRequest(row),
      events,
      letters: letters.map(decodeLetter),
      orders: orders.map(decodeRequest),
    }
  }

  counts(now: number): { open: number; dueSoon: number; overdue: number } {
    return this.main
      .prepare(
        `SELECT count(*) AS open, count(*) FILTER (WHERE due_at < @now) AS overdue,
           count(*) FILTER (WHERE due_at >= @now AND due_at - @now <= @soon) AS dueSoon
         FROM request WHERE ${OPEN}`,
      )
      .get({ now, soon: DUE_SOON_DAYS * DAY_MS }) as { open: number; dueSoon: number; overdue: number }
  }

  /** Sums of all runs: what a run did stands in the log, also where a crash came before it was told to the request. */
  erasedBy(id: number): { headers: number; redacted: number; samples: number; rows: number; receipts: number[] } {
    const told = this.main
      .prepare("SELECT facts FROM audit WHERE action = 'persons.erase' AND facts LIKE ? ORDER BY sequence")
      .pluck()
      .all(`{"request":${id},%`) as string[]
    const sum = { headers: 0, redacted: 0, samples: 0, rows: 0, receipts: [] as number[] }
    for (const facts of told.map((text) => JSON.parse(text) as typeof sum)) {
      sum.headers += facts.headers
      sum.redacted += facts.redacted
      sum.samples += facts.samples
      sum.rows += facts.rows
      sum.receipts.push(...facts.receipts)
    }
    return sum
  }

  /**
   * What is carried out, what waits for its answer to arrive, restrictions to be lifted, and deletions to be ended: only
   * those that were carried out, here or by an account's order.
   */
  underWay(): SubjectRequest[] {
    const rows = this.main
      .prepare(
        `SELECT ${REQUEST_COLUMNS} FROM request
         WHERE state IN ('executing', 'answered') OR hold IS NOT NULL
           OR (state = 'closed' AND kind = 'deletion' AND erased_at IS NULL AND outcome IN ('done', 'nothing found')
             AND (execution IS NOT NULL OR EXISTS (SELECT 1 FROM request AS made WHERE made.parent = request.id)))
           OR (state IN ('received', 'identified') AND EXISTS (SELECT 1 FROM request AS made WHERE made.parent = request.id))
         ORDER BY id`,
      )
      .all() as RequestRow[]
    return rows.map(decodeRequest)
  }

  /** Closed before a time, and still with the person; see the store. */
  aged(closedBefore: number): SubjectRequest[] {
    const rows = this.main
      .prepare(
        `SELECT ${REQUEST_COLUMNS} FROM request
         WHERE state = 'closed' AND erased_at IS NULL AND hold IS NULL AND closed_at < ?
           AND NOT (kind = 'deletion' AND outcome IN ('done', 'nothing found')) ORDER BY id`,
      )
      .all(closedBefore) as RequestRow[]
    const isCovered = matcherOf(activeHolds(this.main).map(({ scope }) => scope))
    return rows
      .map(decodeRequest)
      .filter(
        ({ account = 0, receivedAt, subject }) =>
          !isCovered({ id: 0, account, acceptedAt: receivedAt, from: subject, to: [] }),
      )
  }

  /** Rows of the audit log with a reason that is about a request. */
  reasons(id: number): number[] {
    return this.main
      .prepare(
        `SELECT sequence FROM audit
         WHERE ${AUDITED_REQUEST} = ? AND json_extract(personal, '$.reason') <> '' ORDER BY sequence`,
      )
      .pluck()
      .all(id) as number[]
  }

  unsent(): StoredLetter[] {
    const rows = this.main
      .prepare("SELECT * FROM request_letter WHERE message IS NULL AND address <> '' ORDER BY id LIMIT 100")
      .all() as LetterRow[]
    return rows.map(decodeLetter)
  }
}
