/** Reads what trust is decided on, and what was decided. */

import { DAY_MS, dayOf, startOfDay } from '../../../model/retention.ts'
import { type CaseCounts, type Counts, CRITERIA_DAYS, criteriaOf } from '../../../model/trust.ts'
import type { AccountFigures, Complaint, TrustDecision } from '../../trust.ts'
import type { TrustRequest } from '../../trustRequests.ts'
import { HeldSamples, KEPT } from '../holds/heldSamples.ts'
import type { Connection } from '../thread/connection.ts'
import { readTrustRequests } from './requestRows.ts'
import { type ComplaintRow, decodeComplaint, decodeDecision, type TrustRow } from './rows.ts'

/** Complaints and decisions shown of one account. */
const MOST = 200

const noCases: CaseCounts = { breach: 0, noBreach: 0, unclear: 0, undecided: 0 }

/** Delivered and failed are of deliveries that ended on that day. */
interface VolumeRow {
  account: number
  day: string
  messages: number
  delivered: number
  failed: number
  bounced: number
}

interface AccountRow {
  id: number
  created_at: number
  review_at: number | null
}

export class TrustReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  /** Figures of all accounts, or of one. */
  figures(now: number, account: number | undefined): AccountFigures[] {
    const days = Array.from({ length: CRITERIA_DAYS }, (_, index) => dayOf(now - (CRITERIA_DAYS - 1 - index) * DAY_MS))
    const volume = this.volume(days, account)
    const complaints = this.counts(
      'SELECT account, count(*) AS count FROM complaint WHERE at >= ? GROUP BY account',
      startOfDay(days[0]!),
    )
    const samples = this.counts(
      `SELECT account, count(*) AS count FROM sample WHERE ${KEPT} GROUP BY account`,
      now,
      new HeldSamples(this.main).beyond(now),
    )
    const cases = this.cases(now)
    return this.accounts(account).map(({ id, created_at, review_at }) => {
      const rows = volume.get(id) ?? []
      const counts: Counts = {
        createdAt: created_at,
        deliveries: rows.reduce((sum, row) => sum + row.delivered + row.failed, 0),
        bounces: rows.reduce((sum, row) => sum + row.bounced, 0),
        complaints: complaints.get(id) ?? 0,
        volume: days.map((day) => rows.find((row) => row.day === day)?.messages ?? 0),
        samples: samples.get(id) ?? 0,
        cases: cases.get(id) ?? noCases,
      }
      return { account: id, criteria: criteriaOf(counts, now), reviewAt: review_at ?? undefined }
    })
  }

  private accounts(account: number | undefined): AccountRow[] {
    return this.main
      .prepare(
        `SELECT id, created_at,
           (SELECT review_at FROM trust WHERE trust.account = account.id ORDER BY id DESC LIMIT 1) AS review_at
         FROM account WHERE @account IS NULL OR id = @account`,
      )
      .all({ account: account ?? null }) as AccountRow[]
  }

  private volume(days: readonly string[], account: number | undefined): Map<number, VolumeRow[]> {
    const rows = this.main
      .prepare('SELECT * FROM volume WHERE day >= @first AND day <= @last AND (@account IS NULL OR account = @account)')
      .all({ first: days[0], last: days.at(-1), account: account ?? null }) as VolumeRow[]
    const accounts = new Map<number, VolumeRow[]>()
    for (const row of rows) {
      const own = accounts.get(row.account)
      if (own) own.push(row)
      else accounts.set(row.account, [row])
    }
    return accounts
  }

  /** Cases opened up to a moment, by account. */
  private cases(now: number): Map<number, CaseCounts> {
    const rows = this.main
      .prepare(
        `SELECT account, count(*) FILTER (WHERE verdict = 'breach') AS breach,
           count(*) FILTER (WHERE verdict = 'no breach') AS noBreach,
           count(*) FILTER (WHERE verdict = 'unclear') AS unclear, count(*) FILTER (WHERE verdict IS NULL) AS undecided
         FROM review_case WHERE opened_at <= ? GROUP BY account`,
      )
      .all(now) as (CaseCounts & { account: number })[]
    return new Map(rows.map(({ account, ...counts }) => [account, counts]))
  }

  private counts(sql: string, ...values: (number | string)[]): Map<number, number> {
    const rows = this.main.prepare(sql).all(...values) as { account: number; count: number }[]
    return new Map(rows.map((row) => [row.account, row.count]))
  }

  /** Decisions about an account, newest first. */
  history(account: number): TrustDecision[] {
    const rows = this.main.prepare('SELECT * FROM trust WHERE account = ? ORDER BY id DESC').all(account)
    return (rows as TrustRow[]).map(decodeDecision)
  }

  /** Requests for trust that wait for a decision, oldest first. */
  requests(): TrustRequest[] {
    return readTrustRequests(this.main)
  }

  /** Decisions the account's contact is still to be told of. */
  untold(): TrustDecision[] {
    const rows = this.main.prepare('SELECT * FROM trust WHERE told = 0 ORDER BY id').all()
    return (rows as TrustRow[]).map(decodeDecision)
  }

  complaints(account: number): Complaint[] {
    const rows = this.main
      .prepare('SELECT * FROM complaint WHERE account = ? ORDER BY at DESC, id DESC LIMIT ?')
      .all(account, MOST)
    return (rows as ComplaintRow[]).map(decodeComplaint)
  }
}
