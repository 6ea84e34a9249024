/** A day's file: header records of one UTC day and their search index. */

import { join } from 'node:path'
import type { MessageStatus } from '../../../model/delivery.ts'
import { packDetail, unpackDetail } from '../messages/detail.ts'
import { type Indexed, termsOf } from '../messages/terms.ts'
import { keysOf } from '../subjects/record.ts'
import { type Connection, openMigrated } from '../thread/connection.ts'
import { codeOf, dayMigrations, statusAt } from '../thread/schema.ts'

/** A header record as it is written into its day. */
export interface DayRecord {
  id: number
  account: number
  credential: number | null
  acceptedAt: number
  sender: string
  recipients: string[]
  subject: string
  messageId: string
  size: number
  status: MessageStatus
  keepUntil: number
  sampled: number
  /** place in the account's numbering; null for mail of the relay itself */
  number: number | null
  inDoubt: boolean
  /** see rows.ts */
  extra: string
  clientAddress: string
  /** see outcome.ts */
  outcome: string
  headers: Uint8Array
}

/** A header record as it lies in its day, without the part that only its detail view needs. */
export interface RecordRow {
  id: number
  account: number
  credential: number | null
  accepted_at: number
  sender: string
  recipients: string
  subject: string
  message_id: string
  size: number
  status: number
  keep_until: number
  sampled: number
  in_doubt: number
  extra: string
}

/** A whole record of a day. */
export interface FullRecordRow extends RecordRow {
  /** see detail.ts */
  detail: Uint8Array
  /** missing in a file that was only read since the column came */
  number?: number | null
}

/** The pseudo-day of records that a legal hold keeps beyond their day. Wherever days are meant as dates, it is left out. */
export const HELD_DAY = 'held'

/** The name of a day's file, without `.db`: the day, and how often it was written anew, when it was. */
export function fileNameOf(day: string, generation: number): string {
  return generation === 0 ? day : `${day}.${generation}`
}

/** Where the file of a day lies. */
export function dayPath(folder: string, day: string, generation: number): string {
  return join(folder, 'days', `${fileNameOf(day, generation)}.db`)
}

/** What the search index takes of a record. */
function indexed(row: FullRecordRow): Indexed {
  const { outcome, headers } = unpackDetail(row.detail)
  const recipients = JSON.parse(row.recipients) as string[]
  return {
    account: row.account,
    sender: row.sender,
    recipients,
    subject: row.subject,
    messageId: row.message_id,
    status: statusAt(row.status),
    clientAddress: (JSON.parse(row.extra) as string[])[0]!,
    inDoubt: row.in_doubt === 1,
    subjects: keysOf({ sender: row.sender, recipients, subject: row.subject, outcome, headers }),
  }
}

/** Pages of the search index merged in one step of tidying: some ten milliseconds of work. */
const TIDY_PAGES = 200

/** Writes records into one day's file. */
export class DayWriter {
  readonly database: Connection
  private readonly insert
  private readonly index
  private readonly mergeAll
  private readonly changes
  private maintenance = false

  /** @param path see {@link dayPath} */
  constructor(path: string, key: Uint8Array) {
    this.database = openMigrated({ path, key, cacheKiB: 8192 }, dayMigrations)
    this.database.pragma('wal_autocheckpoint=2000')
    this.insert = this.database.prepare(
      'INSERT OR IGNORE INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.mergeAll = this.database.prepare("INSERT INTO search (search, rank) VALUES ('merge', ?)")
    this.changes = this.database.prepare('SELECT total_changes()').pluck()
    this.index = this.database.prepare('INSERT INTO search (rowid, terms) VALUES (?, ?)')
  }

  /** Adds records in one durable transaction; one that is there already stays as it is. Returns how many were new. */
  add(records: readonly DayRecord[]): number {
    return this.database.transaction(() => records.reduce((added, record) => added + this.addOne(record), 0))()
  }

  /** Copies records of another file in one durable transaction. Returns those that were not there. */
  copy(rows: readonly FullRecordRow[]): FullRecordRow[] {
    return this.database.transaction(() => rows.filter((row) => this.copyOne(row)))()
  }

  private copyOne(row: FullRecordRow): boolean {
    const { id, account, credential, accepted_at, sender, recipients, subject, message_id, size, status } = row
    const { keep_until, sampled, in_doubt, extra, detail, number } = row
    const { changes } = this.insert.run(
      id,
      account,
      credential,
      accepted_at,
      sender,
      recipients,
      subject,
      message_id,
      size,
      status,
      keep_until,
      sampled,
      in_doubt,
      extra,
      detail,
      number ?? null,
    )
    if (changes > 0) this.index.run(id, termsOf(indexed(row)))
    return changes > 0
  }

  private addOne(record: DayRecord): number {
    const { changes } = this.insert.run(
      record.id,
      record.account,
      record.credential,
      record.acceptedAt,
      record.sender,
      JSON.stringify(record.recipients),
      record.subject,
      record.messageId,
      record.size,
      codeOf(record.status),
      record.keepUntil,
      record.sampled,
      record.inDoubt ? 1 : 0,
      record.extra,
      packDetail(record.outcome, record.headers),
      record.number,
    )
    if (changes > 0) this.index.run(record.id, termsOf({ ...record, subjects: keysOf(record) }))
    return changes
  }

  /**
   * Merges the search index a step further towards one single tree, which makes lookups of rare words several times
   * faster. Returns whether there is more to do.
   */
  tidy(): boolean {
    const before = this.totalChanges()
    this.mergeAll.run(this.maintenance ? TIDY_PAGES : -TIDY_PAGES)
    this.maintenance = this.totalChanges() - before >= 2
    return this.maintenance
  }

  private totalChanges(): number {
    return this.changes.get() as number
  }

  /** Folds the file's log into it and closes it. */
  close(): void {
    this.database.pragma('wal_checkpoint(TRUNCATE)')
    this.database.close()
  }
}
