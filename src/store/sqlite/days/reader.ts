/** Day files opened for reading, kept open. */

import { existsSync } from 'node:fs'
import { type Connection, isUnreadable, openConnection } from '../thread/connection.ts'
import type { HarmedDay } from '../thread/integrity.ts'
import { dayPath, type FullRecordRow, type RecordRow } from './dayFile.ts'

/** A day in the catalogue. */
export interface DayRow {
  day: string
  records: number
  min_id: number
  max_id: number
  oldest_at: number
  youngest_at: number
  youngest_keep: number
  /** how often its file was written anew */
  generation: number
}

const listed =
  'id, account, credential, accepted_at, sender, recipients, subject, message_id, size, status, keep_until, sampled, in_doubt, extra'

/** KiB of page cache a day: the system caches the files, this only saves decrypting hot pages again. */
const CACHE_KIB = 512
/** When a day has no more records in a range of sizes than this, looking at each of them beats walking the day. */
const FEW = 2000

export class DayReader {
  private readonly database: Connection
  private readonly byQuery
  private readonly all
  private readonly bySize
  private readonly select
  private readonly selectFull

  constructor(path: string, key: Uint8Array) {
    this.database = openConnection({ path, key, readonly: true, cacheKiB: CACHE_KIB })
    this.byQuery = this.database
      .prepare('SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?')
      .pluck()
    this.all = this.database.prepare('SELECT id FROM record WHERE id < ? AND id >= ? ORDER BY id DESC LIMIT ?').pluck()
    this.bySize = this.database
      .prepare(`SELECT id FROM record INDEXED BY record_size WHERE size > ? AND size < ? LIMIT ${FEW + 1}`)
      .pluck()
    this.select = this.database.prepare(`SELECT ${listed} FROM record WHERE id = ?`)
    this.selectFull = this.database.prepare('SELECT * FROM record WHERE id = ?')
  }

  /** Ids below `before` and not below `from` that fit the query (all, when there is none), newest first. */
  ids(query: string | undefined, before: number, from: number, limit: number): number[] {
    const rows = query === undefined ? this.all.all(before, from, limit) : this.byQuery.all(query, before, from, limit)
    return rows as number[]
  }

  /** All ids with a size between the bounds, newest first, when they are few; undefined when they are many. */
  idsOfSize(above: number, below: number): number[] | undefined {
    const ids = this.bySize.all(above, below) as number[]
    return ids.length > FEW ? undefined : ids.sort((a, b) => b - a)
  }

  record(id: number): RecordRow | undefined {
    return this.select.get(id) as RecordRow | undefined
  }

  full(id: number): FullRecordRow | undefined {
    return this.selectFull.get(id) as FullRecordRow | undefined
  }

  close(): void {
    this.database.close()
  }
}

interface OpenDay {
  generation: number
  /** undefined when the file cannot be read */
  reader: DayReader | undefined
}

export class DayReaders {
  private readonly folder: string
  private readonly selectAll
  private readonly selectKey
  private readonly open = new Map<string, OpenDay>()

  constructor(main: Connection, folder: string) {
    this.folder = folder
    this.selectAll = main.prepare(
      'SELECT day, records, min_id, max_id, oldest_at, youngest_at, youngest_keep, generation FROM day ORDER BY day DESC',
    )
    this.selectKey = main.prepare('SELECT key, generation FROM day WHERE day = ?')
  }

  /** The days there are now, with that of the holds. Files of days that are gone or were written anew are closed. */
  catalogue(): DayRow[] {
    const days = this.selectAll.all() as DayRow[]
    const generations = new Map(days.map(({ day, generation }) => [day, generation]))
    const stale = [...this.open].filter(([day, { generation }]) => generations.get(day) !== generation)
    this.release(stale.map(([day]) => day))
    return days
  }

  /** The reader of a day, or undefined when its file cannot be read (the start of the store reports such files). */
  reader(day: string): DayReader | undefined {
    const known = this.open.get(day)
    if (known) return known.reader
    const file = this.fileOf(day)
    if (!file) return undefined
    const reader = this.openFile(day, file)
    // a file written anew replaces the one of before, whose name is gone
    if (!reader && this.fileOf(day)?.generation !== file.generation) return this.reader(day)
    this.open.set(day, { generation: file.generation, reader })
    return reader
  }

  /** What is to be said of a day that could not be read; undefined when it is gone by now, or has no records. */
  harmed(day: string): HarmedDay | undefined {
    const row = this.catalogue().find((one) => one.day === day)
    if (!row || row.records === 0) return undefined
    const path = dayPath(this.folder, day, row.generation)
    return { day, records: row.records, path, how: existsSync(path) ? 'cannot be read' : 'is missing' }
  }

  private fileOf(day: string): { key: Uint8Array; generation: number } | undefined {
    return this.selectKey.get(day) as { key: Uint8Array; generation: number } | undefined
  }

  private openFile(day: string, { key, generation }: { key: Uint8Array; generation: number }): DayReader | undefined {
    try {
      return new DayReader(dayPath(this.folder, day, generation), key)
    } catch (error) {
      if (!isUnreadable(error) && (error as { code?: string }).code !== 'SQLITE_CANTOPEN') throw error
      return undefined
    }
  }

  /** Closes the files of these days, so that they can be unlinked. */
  release(days: string[]): void {
    for (const day of days) {
      this.open.get(day)?.reader?.close()
      this.open.delete(day)
    }
  }

  close(): void {
    this.release([...this.open.keys()])
  }
}
