/** What retention wants to know: which days are over, what is kept, what was deleted, and what must never be found. */

import { firstIdAt } from '../../../model/id.ts'
import { DAY_MS, endOf, KEEP_DAYS, type RetentionRules, startOfDay } from '../../../model/retention.ts'
import type { Receipt, RetainedDay, RetentionFindings, RetentionState } from '../../retention.ts'
import { isSigned, publicKeyOf } from '../audit/signer.ts'
import { HELD_DAY } from '../days/dayFile.ts'
import type { Connection } from '../thread/connection.ts'
import { bytesByDay, countDatabases, knownFiles, strayFiles } from '../thread/files.ts'
import { type ReceiptRow, receiptHash, receiptText } from './receipts.ts'
import { retentionRulesOf } from './rules.ts'

/** A day with what there is of it, in the catalogue of headers, in that of samples, or in both. */
interface Kept {
  day: string
  headers: { records: number; oldestAt: number; youngestAt: number; endsAt: number } | undefined
  samples: { count: number; endsAt: number } | undefined
}

/** A day that is over, or the part of it that is. */
export interface OverDay {
  day: string
  headers: boolean
  samples: boolean
  records: number
}

const SETTING_LAST_RUN = 'retention.lastRun'
/** Bodies looked at from either end. */
const BODIES = 10_000
/** A day without any record (a crash between its key and its first record) ends as if it had one in its last moment. */
const EMPTY_DAY_MS = (KEEP_DAYS + 1) * DAY_MS

/** The receipt that an audit entry is about, and its hash. */
function hashIn(facts: string): [number | undefined, string | undefined] {
  const { receipt, hash } = JSON.parse(facts) as { receipt?: number; hash?: string }
  return [receipt, hash]
}

/** Whether a receipt was signed with this key (SPKI PEM), and the audit log has its hash. */
function verifyReceipt(row: ReceiptRow, publicKey: string, chained: string | undefined): boolean {
  return row.signature !== null && isSigned(receiptText(row), row.signature, publicKey) && receiptHash(row) === chained
}

function receiptOf(row: ReceiptRow, valid: boolean): Receipt {
  const { bytes_before, bytes_after, signature, ...rest } = row
  return { ...rest, bytesBefore: bytes_before, bytesAfter: bytes_after ?? 0, signature: signature ?? '', valid }
}

interface DayRow {
  day: string
  records: number
  oldest_at: number
  youngest_at: number
  youngest_keep: number
}

interface SampleDayRow {
  day: string
  count: number
  youngest: number
  keep: number
}

/** When everything of a day is over, as far as the policy goes. */
function endOfDay(day: string, youngestAt: number, stamped: number, { shortenings }: RetentionRules): number {
  if (youngestAt === 0) return startOfDay(day) + EMPTY_DAY_MS
  return endOf(youngestAt, stamped, undefined, shortenings)
}

/** The policy as if it had always said so many days. */
function supposing(policy: RetentionRules, days: number | undefined): RetentionRules {
  if (days === undefined) return policy
  const everything = { before: Number.MAX_SAFE_INTEGER, days, account: undefined }
  return { ...policy, shortenings: [...policy.shortenings, everything] }
}

export class RetentionReader {
  private readonly main: Connection
  private readonly folder: string

  constructor(main: Connection, folder: string) {
    this.main = main
    this.folder = folder
  }

  private setting(key: string): string | undefined {
    return this.main.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(key) as string | undefined
  }

  private count(sql: string, ...values: unknown[]): number {
    return this.main
      .prepare(sql)
      .pluck()
      .get(...values) as number
  }

  /** Every day of which something is kept, oldest first; what a hold keeps beyond its day is not of a day. */
  private kept(policy: RetentionRules): Kept[] {
    const days = new Map<string, Kept>()
    const rows = this.main
      .prepare('SELECT day, records, oldest_at, youngest_at, youngest_keep FROM day WHERE day <> ?')
      .all(HELD_DAY) as DayRow[]
    for (const { day, records, oldest_at, youngest_at, youngest_keep } of rows) {
      const endsAt = endOfDay(day, youngest_at, youngest_keep, policy)
      days.set(day, {
        day,
        headers: { records, oldestAt: oldest_at, youngestAt: youngest_at, endsAt },
        samples: undefined,
      })
    }
    for (const { day, count, youngest, keep } of this.sampleDays()) {
      const samples = { count, endsAt: endOfDay(day, youngest, keep, policy) }
      days.set(day, { day, headers: days.get(day)?.headers, samples })
    }
    return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1))
  }

  /** Days with samples of their own, or with keys of samples that are gone. A day whose samples are all held has none. */
  private sampleDays(): SampleDayRow[] {
    return this.main
      .prepare(
        `SELECT sample_key.day AS day, count(message) AS count, coalesce(max(accepted_at), 0) AS youngest,
           coalesce(max(keep_until), 0) AS keep
         FROM sample_key LEFT JOIN sample ON sample.day = sample_key.day AND sample.held = 0
         WHERE sample_key.day <> ?
         GROUP BY sample_key.day
         HAVING count(message) > 0 OR NOT EXISTS (SELECT 1 FROM sample WHERE sample.day = sample_key.day)`,
      )
      .all(HELD_DAY) as SampleDayRow[]
  }

  /** The days, or the parts of days, that are over at a moment. */
  over(at: number, days?: number): OverDay[] {
    return this.kept(supposing(retentionRulesOf(this.main), days)).flatMap(({ day, headers, samples }) => {
      const over = {
        headers: headers !== undefined && headers.endsAt <= at,
        samples: samples !== undefined && samples.endsAt <= at,
      }
      return over.headers || over.samples ? [{ day, ...over, records: headers?.records ?? 0 }] : []
    })
  }

  /** What is kept of every day, newest first. */
  days(): RetainedDay[] {
    return this.view(this.kept(retentionRulesOf(this.main))).reverse()
  }

  /** What a run at a moment would destroy, oldest first. */
  plan(at: number, days: number | undefined): RetainedDay[] {
    const policy = supposing(retentionRulesOf(this.main), days)
    const parts = this.kept(policy).flatMap(({ day, headers, samples }) => {
      const part = {
        day,
        headers: headers && headers.endsAt <= at ? headers : undefined,
        samples: samples && samples.endsAt <= at ? samples : undefined,
      }
      return part.headers || part.samples ? [part] : []
    })
    return this.view(parts).map((day) => ({ ...day, live: this.live(day.day) }))
  }

  private view(days: Kept[]): RetainedDay[] {
    const bytes = bytesByDay(this.folder)
    return days.map(({ day, headers, samples }) => ({
      day,
      headers: headers?.records ?? 0,
      samples: samples?.count ?? 0,
      bytes: bytes.get(day) ?? 0,
      oldestAt: headers?.oldestAt || undefined,
      youngestAt: headers?.youngestAt || undefined,
      goesAt: Math.max(headers?.endsAt ?? 0, samples?.endsAt ?? 0),
      held: 0,
      live: 0,
    }))
  }

  /** Unfinished messages of a day, by their ids: a day after a clock jumped back may count some of another. */
  private live(day: string): number {
    const start = startOfDay(day)
    return this.count(
      'SELECT count(*) FROM message WHERE id >= ? AND id < ? AND open > 0',
      firstIdAt(start),
      firstIdAt(start + DAY_MS),
    )
  }

  /** Receipts of complete deletions, newest first, each checked against the key and the audit log. */
  receipts(limit: number, before: number | undefined, from = 0): Receipt[] {
    const rows = this.main
      .prepare('SELECT * FROM receipt WHERE signature IS NOT NULL AND id < ? AND id >= ? ORDER BY id DESC LIMIT ?')
      .all(before ?? Number.MAX_SAFE_INTEGER, from, limit) as ReceiptRow[]
    const key = publicKeyOf(this.main) ?? ''
    if (rows.length === 0) return []
    const earliest = rows.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
    const chained = this.main
      .prepare("SELECT facts FROM audit WHERE action = 'retention.receipt' AND at >= ?")
      .pluck()
      .all(earliest) as string[]
    const hashes = new Map(chained.map((facts) => hashIn(facts)))
    return rows.map((row) => receiptOf(row, verifyReceipt(row, key, hashes.get(row.id))))
  }

  /** Receipts of deletions that were begun and not ended, with the day; those of samples alone end on their own. */
  pending(): { receipt: number; day: string }[] {
    return this.main
      .prepare(
        `SELECT id AS receipt, coalesce(day, ?) AS day FROM receipt WHERE signature IS NULL AND kind <> 'samples'
         AND NOT (kind = 'erasure' AND day IS NULL AND headers = 0 AND samples > 0) ORDER BY id`,
      )
      .all(HELD_DAY) as { receipt: number; day: string }[]
  }

  findings(now: number): RetentionFindings {
    const policy = retentionRulesOf(this.main)
    const { days } = policy
    const oldest = this.kept(policy).find(({ headers }) => headers?.youngestAt)
    const latest = this.receipts(20, undefined)
    const checkpoint = this.main.prepare('SELECT sequence, at FROM checkpoint ORDER BY sequence DESC LIMIT 1').get() as
      | { sequence: number; at: number }
      | undefined
    return {
      youngestOfOldestDay: oldest?.headers?.youngestAt,
      bodies: this.bodies(),
      liveOverdue: this.count(
        'SELECT count(*) FROM message WHERE id < ? AND open > 0 AND keep_until <= ?',
        firstIdAt(now - days * DAY_MS),
        now,
      ),
      orphans: countDatabases(strayFiles(this.folder, knownFiles(this.main))),
      pendingReceipts: this.count('SELECT count(*) FROM receipt WHERE signature IS NULL'),
      receipts: this.count('SELECT count(*) FROM receipt WHERE signature IS NOT NULL'),
      invalidReceipts: latest.filter(({ valid }) => !valid).length,
      audit: {
        entries: this.count('SELECT coalesce(max(sequence), 0) FROM audit'),
        checkpointAt: checkpoint?.at,
        checkpointSequence: checkpoint?.sequence,
      },
      sampleKeysInReach: this.count(
        'SELECT count(*) FROM sample_key WHERE public IS NOT NULL AND (wrapped IS NULL OR length(wrapped) <= 32)',
      ),
      sealKeys: this.count('SELECT count(*) FROM seal_key'),
      held: {
        headers: this.count('SELECT coalesce(sum(records), 0) FROM day WHERE day = ?', HELD_DAY),
        samples: this.count('SELECT count(*) FROM sample WHERE held = 1'),
      },
    }
  }

  /** Looks for bodies without an unfinished message, among the oldest and the newest: there may be millions. */
  private bodies(): RetentionFindings['bodies'] {
    const some = (order: string) =>
      this.main
        .prepare(
          `SELECT count(*) AS looked, coalesce(sum(NOT EXISTS (SELECT 1 FROM message WHERE id = one AND open > 0)), 0) AS finished
           FROM (SELECT message AS one FROM body ORDER BY message ${order} LIMIT ${BODIES})`,
        )
        .get() as { looked: number; finished: number }
    const oldest = some('ASC')
    if (oldest.looked < BODIES) return { ...oldest, all: true }
    const newest = some('DESC')
    return { looked: oldest.looked + newest.looked, finished: oldest.finished + newest.finished, all: false }
  }

  state(now: number): RetentionState {
    const kept = this.kept(retentionRulesOf(this.main))
    const ends = kept.flatMap(({ headers, samples }) => [headers?.endsAt ?? [], samples?.endsAt ?? []].flat())
    const over = ends.filter((end) => end <= now)
    const oldest = kept.flatMap(({ headers }) => headers?.oldestAt || [])
    const lastRun = this.setting(SETTING_LAST_RUN)
    return {
      lastRun: lastRun === undefined ? undefined : (JSON.parse(lastRun) as number),
      oldestHeader: least(oldest),
      oldestSample:
        (this.main.prepare('SELECT min(accepted_at) FROM sample WHERE held = 0').pluck().get() as number | null) ??
        undefined,
      samples: this.count('SELECT count(*) FROM sample'),
      overdue: this.over(now).length,
      overdueSince: least(over),
      nextEnd: least(ends.filter((end) => end > now)),
    }
  }
}

function least(numbers: number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.min(a, b))
}
