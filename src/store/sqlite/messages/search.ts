/** Searches live mail and history together, newest first, within a time limit. */

import { statusOf } from '../../../model/delivery.ts'
import type { MessageFilter } from '../../../model/filter.ts'
import { firstIdAt, timeOfId } from '../../../model/id.ts'
import { matches } from '../../../model/match.ts'
import type { LogPage, LogRow } from '../../store.ts'
import type { RecordRow } from '../days/dayFile.ts'
import type { DayReader, DayReaders, DayRow } from '../days/reader.ts'
import { type Connection, isUnreadable } from '../thread/connection.ts'
import type { HarmedDay } from '../thread/integrity.ts'
import { stateAt, statusAt } from '../thread/schema.ts'
import { type DeliveryRow, decodeExtra, type MessageRow } from './rows.ts'
import { queryOf } from './terms.ts'
import type { Visibility } from './visibility.ts'

export interface Search {
  filter: MessageFilter
  /** id of filter.account; undefined when the filter names none */
  account: number | undefined
  limit: number
  /** only ids below this one */
  before: number
  /** which records are shown */
  visibility: Visibility
  /** milliseconds of performance.now() */
  deadline: number
}

/** A page, with what is to be said of days that could not be read. */
export type SearchPage = Omit<LogPage, 'unreadable'> & { harmed: HarmedDay[] }

/** Rows found, and the id down to which everything has been looked at (0: everything). */
interface Found {
  rows: LogRow[]
  floor: number
}

/** How many records are looked at between two looks at the clock. */
const STRIDE = 64

export class Searcher {
  private readonly main: Connection
  private readonly days: DayReaders
  private readonly accountName: (id: number) => string
  private readonly selectLive
  private readonly selectDeliveries

  constructor(main: Connection, days: DayReaders, accountName: (id: number) => string) {
    this.main = main
    this.days = days
    this.accountName = accountName
    const columns =
      'id, account, credential, accepted_at, sender, subject, message_id, size, keep_until, sampled, extra'
    this.selectLive = this.main.prepare(
      `SELECT ${columns} FROM message WHERE id < ? AND id >= ? AND (? IS NULL OR account = ?)
       ORDER BY id DESC LIMIT ${STRIDE}`,
    )
    this.selectDeliveries = this.main.prepare('SELECT * FROM delivery WHERE message = ?')
  }

  /** One page. Live mail is read first: a record that moves meanwhile is then met twice, never missed. */
  page(search: Search): SearchPage {
    const harmed = new Map<string, HarmedDay>()
    const half = performance.now() + (search.deadline - performance.now()) / 2
    const live = this.live({ ...search, deadline: half })
    const history = this.history(search, live.floor, (day) => {
      const harm = this.days.harmed(day)
      if (harm) harmed.set(day, harm)
    })
    const floor = Math.max(live.floor, history.floor)
    const seen = new Set(live.rows.map((row) => row.id))
    const rows = [...live.rows, ...history.rows.filter((row) => !seen.has(row.id))]
      .filter((row) => row.id >= floor)
      .sort((a, b) => b.id - a.id)
    const page = { rows: rows.slice(0, search.limit), harmed: [...harmed.values()] }
    const last = page.rows[search.limit - 1]
    if (last) return { ...page, next: String(last.id), partial: false }
    return { ...page, next: floor > 0 ? String(floor) : undefined, partial: floor > 0 }
  }

  /** A row of the log from live mail. */
  liveRow(message: Omit<MessageRow, 'headers'>): Omit<LogRow, 'held'> {
    const deliveries = this.selectDeliveries.all(message.id) as DeliveryRow[]
    return {
      id: message.id,
      account: message.account,
      credential: message.credential ?? undefined,
      acceptedAt: message.accepted_at,
      from: message.sender,
      to: deliveries.map((delivery) => delivery.recipient),
      subject: message.subject,
      messageId: message.message_id,
      size: message.size,
      status: statusOf(deliveries.map((delivery) => stateAt(delivery.state))),
      keepUntil: message.keep_until,
      sampled: message.sampled === 1,
      inDoubt: deliveries.some((delivery) => delivery.in_doubt === 1),
      client: decodeExtra(message.sender, message.extra).client,
    }
  }

  /** The row as it is shown; undefined when it is not, or does not fit the filter. */
  private shown(search: Search, found: Omit<LogRow, 'held'>): LogRow | undefined {
    const { row, visible } = search.visibility(found)
    if (!visible) return undefined
    const account = this.accountName(row.account)
    return matches(search.filter, { ...row, account, clientAddress: row.client.address }) ? row : undefined
  }

  private live(search: Search): Found {
    const rows: LogRow[] = []
    const lowest = search.filter.since === undefined ? 0 : firstIdAt(search.filter.since)
    const account = search.account ?? null
    let before = search.before
    for (;;) {
      const chunk = this.selectLive.all(before, lowest, account, account) as MessageRow[]
      for (const message of chunk) {
        const row = this.shown(search, this.liveRow(message))
        if (row) rows.push(row)
        if (rows.length === search.limit) return { rows, floor: message.id }
      }
      if (chunk.length < STRIDE) return { rows, floor: 0 }
      before = chunk.at(-1)!.id
      if (performance.now() > search.deadline) return { rows, floor: before }
    }
  }

  /**
   * @param lowest nothing below this id is wanted
   * @param unread is told of days that cannot be read
   */
  private history(search: Search, lowest: number, unread: (day: string) => void): Found {
    const rows: LogRow[] = []
    const query = queryOf(search.filter, search.account)
    for (const cluster of clusters(this.days.catalogue())) {
      if (!cluster.some((day) => isInRange(day, search, lowest))) continue
      let floor = 0
      const found: LogRow[] = []
      for (const day of cluster) {
        if (!isInRange(day, search, lowest)) continue
        const reader = this.days.reader(day.day)
        if (!reader) {
          unread(day.day)
          continue
        }
        const wanted = { query, lowest: Math.max(lowest, floor), limit: search.limit - rows.length }
        const part = this.day(reader, day, search, wanted, () => unread(day.day))
        found.push(...part.rows)
        floor = Math.max(floor, part.floor)
      }
      // a record is in its day and in the hold while it is set aside
      const unique = new Map(found.filter((row) => row.id >= floor).map((row) => [row.id, row]))
      rows.push(...[...unique.values()].sort((a, b) => b.id - a.id))
      if (rows.length >= search.limit) return { rows, floor: rows[search.limit - 1]!.id }
      if (floor > 0) return { rows, floor }
    }
    return { rows, floor: 0 }
  }

  private day(
    reader: DayReader,
    info: DayRow,
    search: Search,
    { query, lowest, limit }: { query: string | undefined; lowest: number; limit: number },
    unread: () => void,
  ): Found {
    const rows: LogRow[] = []
    /** What can be read: one damaged page has some records in it, or the lists of all */
    const readable = <T>(none: T, read: () => T): T => {
      try {
        return read()
      } catch (error) {
        if (!isUnreadable(error)) throw error
        unread()
        return none
      }
    }
    const { since, until } = search.filter
    const from = Math.max(lowest, since === undefined ? 0 : firstIdAt(since))
    // Ids can run ahead of the clock after it jumped back; only a day without that has an upper bound in ids.
    const inStep = timeOfId(info.max_id) <= info.youngest_at
    let before = until !== undefined && inStep ? Math.min(search.before, firstIdAt(until)) : search.before
    const few = readable(undefined, () => candidatesBySize(reader, search.filter))
    for (;;) {
      const want = Math.max(STRIDE, limit - rows.length)
      const ids = few
        ? few.filter((id) => id < before && id >= from).slice(0, want)
        : readable([], () => reader.ids(query, before, from, want))
      for (const id of ids) {
        const record = readable(undefined, () => reader.record(id))
        const row = record && this.shown(search, historyRow(record))
        if (row) rows.push(row)
        if (rows.length === limit) return { rows, floor: id }
      }
      if (ids.length < want) return { rows, floor: 0 }
      before = ids.at(-1)!
      if (performance.now() > search.deadline) return { rows, floor: before }
    }
  }
}

/** A condition on size that few records of the day meet names its candidates; any other is checked record by record. */
function candidatesBySize(reader: DayReader, { largerThan, smallerThan }: MessageFilter): number[] | undefined {
  if (largerThan === undefined && smallerThan === undefined) return undefined
  return reader.idsOfSize(largerThan ?? -1, smallerThan ?? Number.MAX_SAFE_INTEGER)
}

function isInRange(day: DayRow, search: Search, lowest: number): boolean {
  const { since, until } = search.filter
  return (
    day.records > 0 &&
    day.min_id < search.before &&
    day.max_id >= lowest &&
    (since === undefined || day.youngest_at >= since) &&
    (until === undefined || day.oldest_at < until)
  )
}

/** Days by falling ids; those whose ids overlap (the clock jumped) come together. */
function clusters(days: DayRow[]): DayRow[][] {
  const sorted = [...days].sort((a, b) => b.max_id - a.max_id)
  const result: DayRow[][] = []
  let lowest = Number.POSITIVE_INFINITY
  for (const day of sorted) {
    if (day.max_id >= lowest) result.at(-1)!.push(day)
    else result.push([day])
    lowest = Math.min(lowest, day.min_id)
  }
  return result
}

/** A row of the log from history. */
export function historyRow(record: RecordRow): Omit<LogRow, 'held'> {
  return {
    id: record.id,
    account: record.account,
    credential: record.credential ?? undefined,
    acceptedAt: record.accepted_at,
    from: record.sender,
    to: JSON.parse(record.recipients) as string[],
    subject: record.subject,
    messageId: record.message_id,
    size: record.size,
    status: statusAt(record.status),
    keepUntil: record.keep_until,
    sampled: record.sampled === 1,
    inDoubt: record.in_doubt === 1,
    client: decodeExtra(record.sender, record.extra).client,
  }
}
