/** Reads cases, their timelines and samples, and access reports. */

import type { CaseStatus } from '../../../model/case.ts'
import type {
  AccessReport,
  Action,
  Case,
  CaseDetail,
  CaseEvent,
  CaseSample,
  Opening,
  RequestListState,
} from '../../cases.ts'
import { HeldSamples, KEPT } from '../holds/heldSamples.ts'
import type { Connection } from '../thread/connection.ts'
import {
  type ActionRow,
  type CaseRow,
  decodeAction,
  decodeCase,
  decodeOpening,
  type OpeningRow,
  SUSPICION,
} from './rows.ts'

export interface CaseQuery {
  status?: CaseStatus | 'active'
  account?: number
  limit: number
  cursor: string | undefined
  now: number
}

interface SampleRow {
  message: number
  account: number
  block: number
  position: number
  accepted_at: number
  keep_until: number
  size: number
  domains: string
  score: number | null
  flagged: number
}

/** A request nobody has answered in time is waited for no more. */
const STATUS = `CASE WHEN status = 'waiting for second person' AND NOT EXISTS (SELECT 1 FROM opening
    WHERE case_id = review_case.id AND state = 'requested' AND needs_second = 1 AND expires_at > @now)
  THEN 'in review' ELSE status END`

const columns = `review_case.*, ${STATUS} AS status, (SELECT count(*) FROM signal WHERE case_id = review_case.id) AS signals,
  ${SUSPICION} AS suspicion,
  (SELECT count(*) FROM opening WHERE case_id = review_case.id AND state = 'requested' AND expires_at > @now) AS waiting`

/** Samples shown with a case: flagged and highest scores first. */
const SAMPLES = 5000
/** Openings shown as waiting. */
const WAITING = 200

export class CaseReader {
  private readonly main: Connection
  private readonly selectAll
  private readonly select

  constructor(main: Connection) {
    this.main = main
    this.selectAll = main.prepare(
      `SELECT ${columns} FROM review_case
       WHERE (@account IS NULL OR account = @account)
         AND (@status IS NULL OR ${STATUS} = @status OR (@status = 'active' AND status <> 'closed'))
         AND (status = 'closed', CASE WHEN status = 'closed' THEN -id ELSE id END) > (@closed, @after)
       ORDER BY status = 'closed', CASE WHEN status = 'closed' THEN -id ELSE id END LIMIT @limit`,
    )
    this.select = main.prepare(`SELECT ${columns} FROM review_case WHERE id = @id`)
  }

  /** Those that are not closed first, oldest first; then closed ones, newest first. */
  list({ status, account, limit, cursor, now }: CaseQuery): { cases: Case[]; next: string | undefined } {
    const [closed, after] = cursor === undefined ? [0, 0] : cursor.split('.').map(Number)
    const rows = this.selectAll.all({
      account: account ?? null,
      status: status ?? null,
      closed,
      after,
      limit,
      now,
    }) as CaseRow[]
    const last = rows.at(-1)
    const isClosed = last?.status === 'closed'
    const next = last && rows.length === limit ? `${isClosed ? 1 : 0}.${isClosed ? -last.id : last.id}` : undefined
    return { cases: rows.map(decodeCase), next }
  }

  /** What waits for somebody. */
  desk(now: number): RequestListState {
    const { active, unowned } = this.main
      .prepare(
        `SELECT count(*) AS active, count(*) FILTER (WHERE owner IS NULL) AS unowned FROM review_case
         WHERE status <> 'closed'`,
      )
      .get() as { active: number; unowned: number }
    const rows = this.main
      .prepare(
        `SELECT opening.*, review_case.account FROM opening JOIN review_case ON review_case.id = opening.case_id
         WHERE opening.state IN ('requested', 'approved') AND opening.expires_at > ?
           AND review_case.status NOT IN ('decided', 'closed')
         ORDER BY opening.id LIMIT ${WAITING}`,
      )
      .all(now) as (OpeningRow & { account: number })[]
    return { active, unowned, openings: rows.map((row) => ({ ...decodeOpening(row, now), account: row.account })) }
  }

  get(id: number, now: number, hideBy: number): CaseDetail | undefined {
    const row = this.select.get({ id, now }) as CaseRow | undefined
    if (!row) return undefined
    const events = this.main
      .prepare('SELECT id, at, actor, kind, text FROM case_event WHERE case_id = ? ORDER BY id')
      .all(id) as CaseEvent[]
    const actions = this.main.prepare('SELECT * FROM case_action WHERE case_id = ? ORDER BY id').all(id) as ActionRow[]
    return {
      ...decodeCase(row),
      events,
      samples: this.samples(row.account, id, now, hideBy),
      actions: actions.map(decodeAction),
    }
  }

  private samples(account: number, id: number, now: number, hideBy: number): CaseSample[] {
    const holds = new HeldSamples(this.main)
    const rows = this.main
      .prepare(
        `SELECT message, block, position, accepted_at, account, keep_until, size, domains, score, flagged FROM sample
         WHERE account = ? AND ${KEPT}
         ORDER BY flagged DESC, score DESC, message DESC LIMIT ${SAMPLES}`,
      )
      .all(account, hideBy, holds.beyond(hideBy)) as SampleRow[]
    const held = holds.covered(rows)
    const openings = this.main.prepare('SELECT * FROM opening WHERE case_id = ? ORDER BY id').all(id) as OpeningRow[]
    const latest = new Map(openings.map((row): [number, Opening] => [row.sample, decodeOpening(row, now)]))
    return rows.map((row) => ({
      message: row.message,
      block: row.block,
      position: row.position,
      acceptedAt: row.accepted_at,
      keepUntil: row.keep_until,
      size: row.size,
      domains: JSON.parse(row.domains) as string[],
      score: row.score ?? undefined,
      flagged: row.flagged === 1,
      held: held.has(row.message),
      opening: latest.get(row.message),
    }))
  }

  opening(id: number, now: number): Opening | undefined {
    const row = this.main.prepare('SELECT * FROM opening WHERE id = ?').get(id) as OpeningRow | undefined
    return row && decodeOpening(row, now)
  }

  action(id: number): Action | undefined {
    const row = this.main.prepare('SELECT * FROM case_action WHERE id = ?').get(id) as ActionRow | undefined
    return row && decodeAction(row)
  }

  /** How many samples of an account there are, and which were opened. */
  accessReport(account: number, now: number): AccessReport {
    const samples = this.main.prepare('SELECT count(*) FROM sample WHERE account = ?').pluck().get(account) as number
    const openings = this.main
      .prepare(
        `SELECT opening.opened_at AS at, opening.sample, opening.case_id AS "case", review_case.reason
         FROM opening JOIN review_case ON review_case.id = opening.case_id
         WHERE review_case.account = ? AND opening.opened_at IS NOT NULL ORDER BY opening.opened_at DESC`,
      )
      .all(account) as AccessReport['openings']
    const announced = this.main
      .prepare(
        `SELECT opening.opens_at AS opensAt, opening.sample, opening.case_id AS "case", review_case.reason
         FROM opening JOIN review_case ON review_case.id = opening.case_id
         WHERE review_case.account = ? AND needs_second = 0 AND state = 'requested' AND expires_at > ?
         ORDER BY opens_at`,
      )
      .all(account, now) as AccessReport['announced']
    return { samples, openings, announced }
  }
}
