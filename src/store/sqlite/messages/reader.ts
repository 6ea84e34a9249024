/** Answers what people ask of the header log: searches, rows, details, of live mail and history together. */

import { statusOf } from '../../../model/delivery.ts'
import type { MessageFilter } from '../../../model/filter.ts'
import { parseId } from '../../../model/id.ts'
import type { MessageDetail } from '../../../model/message.ts'
import { dayUnreadable, type LogRow } from '../../store.ts'
import { type FullRecordRow, HELD_DAY } from '../days/dayFile.ts'
import type { DayReader, DayReaders, DayRow } from '../days/reader.ts'
import { type Connection, isUnreadable } from '../thread/connection.ts'
import type { HarmedDay } from '../thread/integrity.ts'
import { unpackDetail } from './detail.ts'
import { decodeOutcome } from './outcome.ts'
import {
  type AttemptRow,
  type DeliveryRow,
  decodeAttempt,
  decodeDelivery,
  decodeExtra,
  decodeMessage,
  type MessageRow,
} from './rows.ts'
import { historyRow, Searcher, type SearchPage } from './search.ts'
import { type Visibility, visibilityAt } from './visibility.ts'

/** A message of live mail with its unfinished deliveries. */
type LiveRow = MessageRow & { open: number }

export interface SearchCall {
  filter: MessageFilter
  limit: number
  cursor: string | undefined
  budget: number
  now: number
}

export class LogReader {
  private readonly main: Connection
  private readonly files: DayReaders
  private readonly searcher: Searcher
  private readonly selectMessage

  constructor(main: Connection, files: DayReaders) {
    this.main = main
    this.files = files
    const name = main.prepare('SELECT name FROM account WHERE id = ?').pluck()
    this.searcher = new Searcher(main, files, (id) => (name.get(id) as string | undefined) ?? '')
    this.selectMessage = main.prepare('SELECT * FROM message WHERE id = ?')
  }

  search({ filter, limit, cursor, budget, now }: SearchCall): SearchPage {
    const nothing: SearchPage = { rows: [], next: undefined, partial: false, harmed: [] }
    if (filter.id !== undefined) {
      const id = parseId(filter.id)
      const harmed: HarmedDay[] = []
      const row =
        id === undefined ? undefined : this.row(id, visibilityAt(this.main, now), (harm) => void harmed.push(harm))
      return row ? { ...nothing, rows: [row] } : { ...nothing, harmed }
    }
    const account = filter.account === undefined ? undefined : this.accountId(filter.account)
    if (filter.account !== undefined && account === undefined) return nothing
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
    if (!Number.isSafeInteger(before)) return nothing
    return this.searcher.page({
      filter,
      account,
      limit,
      before,
      visibility: visibilityAt(this.main, now),
      deadline: performance.now() + budget,
    })
  }

  private accountId(name: string): number | undefined {
    const select = this.main.prepare('SELECT id FROM account WHERE name = ?').pluck()
    return select.get(name.toLowerCase()) as number | undefined
  }

  private row(id: number, visibility: Visibility, unread: (harm: HarmedDay) => void): LogRow | undefined {
    const live = this.selectMessage.get(id) as LiveRow | undefined
    if (live) return this.liveVisibility(live, visibility)
    for (const { day } of this.holding(id)) {
      const record = this.readable(day, unread, (reader) => reader.record(id))
      const seen = record && visibility(historyRow(record))
      if (seen?.visible) return seen.row
    }
    return undefined
  }

  /** What is not finished is shown whatever its age: people have to act on it. */
  private liveVisibility(live: LiveRow, visibility: Visibility): LogRow | undefined {
    const { row, visible } = visibility(this.searcher.liveRow(live))
    return visible || live.open > 0 ? row : undefined
  }

  rows(ids: number[], now: number): LogRow[] {
    const visibility = visibilityAt(this.main, now)
    return ids.flatMap((id) => this.row(id, visibility, () => undefined) ?? [])
  }

  get(id: number, now: number): MessageDetail | undefined {
    const visibility = visibilityAt(this.main, now)
    const live = this.selectMessage.get(id) as LiveRow | undefined
    if (live) {
      const row = this.liveVisibility(live, visibility)
      return row && this.liveDetail(live, row)
    }
    const harmed: HarmedDay[] = []
    for (const { day } of this.holding(id)) {
      const record = this.readable(
        day,
        (harm) => void harmed.push(harm),
        (reader) => reader.full(id),
      )
      const detail = record && this.historyDetail(record, visibility)
      if (detail) return detail
    }
    if (harmed[0]) throw dayUnreadable(harmed[0].day)
    return undefined
  }

  /** Reads from a day's file; undefined, after `unread` was told, when it was damaged or lost. */
  private readable<T>(day: string, unread: (harm: HarmedDay) => void, read: (reader: DayReader) => T): T | undefined {
    try {
      const reader = this.files.reader(day)
      if (reader) return read(reader)
    } catch (error) {
      if (!isUnreadable(error)) throw error
    }
    const harm = this.files.harmed(day)
    if (harm) unread(harm)
    return undefined
  }

  /** A record of a day with all there is of it; undefined when it is not shown. */
  historyDetail(record: FullRecordRow, visibility: Visibility): MessageDetail | undefined {
    const { row, visible } = visibility(historyRow(record))
    if (!visible) return undefined
    const { client, envelope } = decodeExtra(record.sender, record.extra)
    const { id, status, acceptedAt, account, credential, subject, messageId, size, keepUntil, sampled, held } = row
    const { headers, outcome } = unpackDetail(record.detail)
    const { deliveries, attempts } = decodeOutcome(id, outcome)
    const facts = { id, account, credential, acceptedAt, subject, messageId, size, keepUntil, sampled, status, held }
    return { ...facts, client, envelope, headers, deliveries, attempts }
  }

  private liveDetail(row: MessageRow, { held, keepUntil }: LogRow): MessageDetail {
    const deliveries = this.main.prepare('SELECT * FROM delivery WHERE message = ?').all(row.id) as DeliveryRow[]
    const attempts = this.main.prepare('SELECT * FROM attempt WHERE message = ?').all(row.id) as AttemptRow[]
    const decoded = deliveries.map(decodeDelivery)
    return {
      ...decodeMessage(row),
      held,
      keepUntil,
      deliveries: decoded,
      attempts: attempts.map(decodeAttempt),
      status: statusOf(decoded.map((delivery) => delivery.state)),
    }
  }

  private holding(id: number): DayRow[] {
    return this.files.catalogue().filter((day) => day.min_id <= id && id <= day.max_id)
  }

  /** The days there are; what a hold keeps beyond its day is not of a day. */
  days(): DayRow[] {
    return this.files.catalogue().filter(({ day }) => day !== HELD_DAY)
  }

  releaseDays(days: string[]): void {
    this.files.release(days)
  }

  /** Opens every day's file ahead of the first search. */
  warm(): void {
    for (const { day, records } of this.files.catalogue()) if (records > 0) this.files.reader(day)
  }

  lastId(): number {
    const live = this.main.prepare('SELECT max(id) FROM message').pluck().get() as number | null
    const past = this.main.prepare('SELECT max(max_id) FROM day').pluck().get() as number | null
    return Math.max(live ?? 0, past ?? 0)
  }
}
