/** Reads signals, the volumes they are found in, and what other thresholds would have found. */

import { DAY_MS, dayOf } from '../../../model/retention.ts'
import {
  BASELINE_DAYS,
  bounceExcess,
  type DayFigures,
  type SignalKind,
  type SignalThresholds,
  volumeExcess,
} from '../../../model/signal.ts'
import type { AccountDays, Signal, SignalPage, SignalQuery, Simulated } from '../../signals.ts'
import type { Connection } from '../thread/connection.ts'
import { decodeSignal, type SignalRow } from './rows.ts'

interface VolumeRow extends DayFigures {
  account: number
  day: string
}

const nothing: DayFigures = { messages: 0, delivered: 0, failed: 0, bounced: 0 }

/** The UTC days up to the one of `now`, newest first. */
function daysBack(now: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => dayOf(now - index * DAY_MS))
}

export class SignalReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  list({ account, unmatched, kind, since, unassigned, case: file, before, limit }: SignalQuery): SignalPage {
    const conditions = ['id < @before']
    if (account !== undefined) conditions.push('account = @account')
    if (unmatched) conditions.push('account IS NULL AND dismissed_at IS NULL')
    if (kind !== undefined) conditions.push('kind = @kind')
    if (since !== undefined) conditions.push('at >= @since')
    if (unassigned) conditions.push('case_id IS NULL AND dismissed_at IS NULL')
    if (file !== undefined) conditions.push('case_id = @file')
    const rows = this.main
      .prepare(`SELECT * FROM signal WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT @limit`)
      .all({
        before: before ?? Number.MAX_SAFE_INTEGER,
        account: account ?? null,
        kind: kind ?? null,
        since: since ?? null,
        file: file ?? null,
        limit: limit + 1,
      }) as SignalRow[]
    const shown = rows.slice(0, limit)
    return { signals: shown.map(decodeSignal), next: rows.length > limit ? shown.at(-1)!.id : undefined }
  }

  get(id: number): Signal | undefined {
    const row = this.main.prepare('SELECT * FROM signal WHERE id = ?').get(id) as SignalRow | undefined
    return row && decodeSignal(row)
  }

  waiting(): number {
    return this.main.prepare('SELECT count(*) FROM inbox').pluck().get() as number
  }

  volume(now: number, count: number): AccountDays[] {
    const days = daysBack(now, count + 1)
    return [...this.volumes(days.at(-1)!, days[0]!)].map(([account, byDay]) => ({
      account,
      days: days.map((day) => byDay.get(day) ?? nothing),
    }))
  }

  private volumes(first: string, last: string): Map<number, Map<string, DayFigures>> {
    const rows = this.main.prepare('SELECT * FROM volume WHERE day >= ? AND day <= ?').all(first, last) as VolumeRow[]
    const accounts = new Map<number, Map<string, DayFigures>>()
    for (const { account, day, ...figures } of rows) {
      const days = accounts.get(account) ?? new Map<string, DayFigures>()
      accounts.set(account, days.set(day, figures))
    }
    return accounts
  }

  /** What thresholds would have signalled since a moment, by kind and account: at most once a day each. */
  simulate(thresholds: SignalThresholds, since: number, now: number): Simulated[] {
    return [
      ...this.counted(
        'spam score',
        'SELECT account, count(*) AS count FROM sample WHERE score >= ? AND accepted_at >= ?',
        [thresholds.spamScore, since],
      ),
      ...this.counted(
        'many recipients',
        `SELECT account, count(*) AS count FROM signal WHERE kind = 'many recipients' AND value > ? AND at >= ?`,
        [thresholds.recipients, since],
      ),
      ...this.complaints(thresholds.complaints, since),
      ...this.days(thresholds, since, now),
    ]
  }

  private counted(kind: SignalKind, select: string, values: number[]): Simulated[] {
    const rows = this.main.prepare(`${select} GROUP BY account`).all(...values) as { account: number; count: number }[]
    return rows.map((row) => ({ kind, ...row }))
  }

  /** Days on which an account had so many complaints. */
  private complaints(least: number, since: number): Simulated[] {
    const rows = this.main
      .prepare(
        `SELECT account, count(*) AS count FROM (
           SELECT account FROM complaint WHERE at >= ? GROUP BY account, at / ${DAY_MS} HAVING count(*) >= ?
         ) GROUP BY account`,
      )
      .all(since, least) as { account: number; count: number }[]
    return rows.map((row) => ({ kind: 'complaint', ...row }))
  }

  /** Days on which bounces or volume of an account were over. */
  private days(thresholds: SignalThresholds, since: number, now: number): Simulated[] {
    const count = Math.ceil((now - since) / DAY_MS)
    const days = daysBack(now, count + BASELINE_DAYS)
    const found: Simulated[] = []
    for (const [account, byDay] of this.volumes(days.at(-1)!, days[0]!)) {
      const figures = days.map((day) => byDay.get(day) ?? nothing)
      let bounces = 0
      let jumps = 0
      for (let index = 0; index < count; index++) {
        const before = figures.slice(index + 1, index + 1 + BASELINE_DAYS).map(({ messages }) => messages)
        if (bounceExcess(figures[index]!, thresholds)) bounces++
        if (volumeExcess(figures[index]!.messages, before, thresholds)) jumps++
      }
      if (bounces > 0) found.push({ kind: 'bounces', account, count: bounces })
      if (jumps > 0) found.push({ kind: 'volume jump', account, count: jumps })
    }
    return found
  }
}
