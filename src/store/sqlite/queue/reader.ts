/** What people want to know about the queue. */

import type { QueueAction, QueueFilter } from '../../../model/filter.ts'
import { firstIdAt, timeOfId } from '../../../model/id.ts'
import type { QueueCounts, QueueGroupRow, QueueRow } from '../../store.ts'
import { type DeliveryRow, decodeDelivery } from '../messages/rows.ts'
import type { Connection } from '../thread/connection.ts'
import { codeOf, stateAt } from '../thread/schema.ts'
import { conditionOf, isPossible } from './actions.ts'

/** Groups shown; the rest is counted in the total. */
const MAX_GROUPS = 500
/** Attempts given out at once: more than are ever made at once. */
const MAX_ATTEMPTS = 10_000

const unfinished = (['queued', 'sending', 'deferred', 'held'] as const).map(codeOf).join(', ')
const count = (state: 'queued' | 'sending' | 'deferred' | 'held'): string =>
  `sum(d.state = ${codeOf(state)}) AS ${state}`
const countStates = [count('queued'), count('sending'), count('deferred'), count('held')].join(', ')

const keys = {
  destination: 'd.destination',
  reason: 'd.reason',
  state: 'd.state',
  account: '(SELECT name FROM account a WHERE a.id = m.account)',
} as const

export class QueueReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  /** Deliveries by state, and the age of the oldest that is not held. */
  counts(): QueueCounts {
    const row = this.main
      .prepare(
        `SELECT ${countStates}, sum(d.in_doubt) AS inDoubt,
         min(CASE WHEN d.state <> ${codeOf('held')} THEN d.message END) AS oldest
         FROM delivery d WHERE d.state IN (${unfinished})`,
      )
      .get() as Record<string, number | null>
    const { queued, sending, deferred, held, inDoubt, oldest } = row
    return {
      queued: queued ?? 0,
      sending: sending ?? 0,
      deferred: deferred ?? 0,
      held: held ?? 0,
      inDoubt: inDoubt ?? 0,
      oldestAt: oldest ? timeOfId(oldest) : undefined,
    }
  }

  /** The queue in groups, the one with the oldest delivery first. Ages come from the ids, which saves a join. */
  groups(by: keyof typeof keys, now: number, bands: readonly number[]): QueueGroupRow[] {
    const join = by === 'account' ? 'JOIN message m ON m.id = d.message' : ''
    const bounds = bands.map((seconds) => firstIdAt(now - seconds * 1000))
    const ages = bounds.map((bound, i) => {
      const younger = i === 0 ? '' : ` AND d.message <= ${bounds[i - 1]}`
      return `sum(d.message > ${bound}${younger}) AS age${i}`
    })
    ages.push(`sum(d.message <= ${bounds.at(-1)}) AS age${bands.length}`)
    const rows = this.main
      .prepare(
        `SELECT ${keys[by]} AS key, count(*) AS total, ${countStates}, sum(d.in_doubt) AS inDoubt,
         min(d.message) AS oldest, min(d.next_at) AS next, ${ages.join(', ')}
         FROM delivery d ${join} WHERE d.state IN (${unfinished}) GROUP BY 1 ORDER BY oldest LIMIT ${MAX_GROUPS}`,
      )
      .all() as Record<string, number>[]
    const reasons = this.topReasons(by, join)
    return rows.map((row) => {
      const { key, total, queued, sending, deferred, held, inDoubt, oldest, next } = row as Record<string, number>
      return {
        key: by === 'state' ? stateAt(key!) : String(key),
        total: total!,
        queued: queued!,
        sending: sending!,
        deferred: deferred!,
        held: held!,
        inDoubt: inDoubt!,
        oldestAt: timeOfId(oldest!),
        ages: [...bands, 0].map((_, i) => row[`age${i}`]!),
        nextAttemptAt: next ?? undefined,
        topReason: reasons.get(key as unknown),
      }
    })
  }

  private topReasons(by: keyof typeof keys, join: string): Map<unknown, string> {
    const rows = this.main
      .prepare(
        `SELECT ${keys[by]} AS key, d.reason AS reason, count(*) AS n FROM delivery d ${join}
         WHERE d.state = ${codeOf('deferred')} GROUP BY 1, 2 ORDER BY n`,
      )
      .all() as { key: unknown; reason: string }[]
    return new Map(rows.map((row) => [row.key, row.reason]))
  }

  /** Unfinished deliveries, oldest first, from after the cursor on. */
  list(filter: QueueFilter, limit: number, cursor: string | undefined): { rows: QueueRow[]; next: string | undefined } {
    const condition = conditionOf(filter, (name) => this.accountId(name))
    if (!condition) return { rows: [], next: undefined }
    const [message, ordinal] = cursor ? cursor.split('.').map(Number) : [-1, -1]
    const rows = this.main
      .prepare(
        `SELECT d.*, m.account, m.sender, m.subject, m.accepted_at, m.size FROM delivery d JOIN message m ON m.id = d.message
         WHERE ${condition.sql} AND (d.message, d.ordinal) > (?, ?) ORDER BY d.message, d.ordinal LIMIT ?`,
      )
      .all(...condition.parameters, message, ordinal, limit) as (DeliveryRow & {
      account: number
      sender: string
      subject: string
      accepted_at: number
      size: number
    })[]
    const last = rows.at(-1)
    return {
      rows: rows.map((row) => ({
        message: row.message,
        delivery: decodeDelivery(row),
        account: row.account,
        from: row.sender,
        subject: row.subject,
        acceptedAt: row.accepted_at,
        size: row.size,
      })),
      next: last && rows.length === limit ? `${last.message}.${last.ordinal}` : undefined,
    }
  }

  /** Attempts that are being made: one pass over the queue. */
  sending(): { message: number; attempt: number }[] {
    return this.main
      .prepare(
        `SELECT DISTINCT a.message, a.number AS attempt FROM delivery d JOIN attempt a ON a.message = d.message
         WHERE d.state = ${codeOf('sending')} AND a.ended_at IS NULL LIMIT ${MAX_ATTEMPTS}`,
      )
      .all() as { message: number; attempt: number }[]
  }

  /** What an action would change. */
  preview(action: QueueAction, filter: QueueFilter): { deliveries: number; messages: number; skipped: number } {
    const condition = conditionOf(filter, (name) => this.accountId(name))
    if (!condition) return { deliveries: 0, messages: 0, skipped: 0 }
    const states = (['queued', 'sending', 'deferred', 'held'] as const).filter((state) => isPossible(action, state))
    const possible = `d.state IN (${states.map(codeOf).join(', ')})`
    return this.main
      .prepare(
        `SELECT coalesce(sum(${possible}), 0) AS deliveries, coalesce(sum(NOT (${possible})), 0) AS skipped,
         count(DISTINCT CASE WHEN ${possible} THEN d.message END) AS messages
         FROM delivery d JOIN message m ON m.id = d.message WHERE ${condition.sql}`,
      )
      .get(...condition.parameters) as { deliveries: number; messages: number; skipped: number }
  }

  /** Waiting deliveries under their queue key, a piece at a time, for rerouting. */
  waiting(
    after: [number, number],
    limit: number,
  ): { message: number; ordinal: number; recipient: string; destination: string }[] {
    return this.main
      .prepare(
        `SELECT message, ordinal, recipient, destination FROM delivery
         WHERE state IN (0, 2, 3) AND (message, ordinal) > (?, ?) ORDER BY message, ordinal LIMIT ?`,
      )
      .all(...after, limit) as { message: number; ordinal: number; recipient: string; destination: string }[]
  }

  private accountId(name: string): number | undefined {
    return this.main.prepare('SELECT id FROM account WHERE name = ?').pluck().get(name) as number | undefined
  }
}
