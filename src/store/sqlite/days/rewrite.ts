/**
 * Writes the files of a day anew, without records that have to go while the day itself stays: into files of the next
 * generation under fresh keys, a slice at a time. Nothing speaks for the new files until the catalogue is changed to
 * them, and nothing for the old ones from then on; what a crash leaves is swept.
 */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { openSamples, type SamplesFile, samplesPath } from '../samples/move.ts'
import { Matcher, type Meant } from '../subjects/match.ts'
import { redactRecord } from '../subjects/record.ts'
import { type Connection, isBlank, openConnection, removeDatabase } from '../thread/connection.ts'
import { DayWriter, dayPath, type FullRecordRow } from './dayFile.ts'
import type { DayFile } from './dayFiles.ts'

/** Records copied in one slice, and samples, which can be large. */
const RECORDS = 250
const SAMPLES = 16

/** What the catalogue knows of a day's records; zeros for a day without any. */
export interface DayFigures {
  records: number
  minId: number
  maxId: number
  oldestAt: number
  youngestAt: number
  youngestKeep: number
}

export const noFigures: DayFigures = { records: 0, minId: 0, maxId: 0, oldestAt: 0, youngestAt: 0, youngestKeep: 0 }

function counted(figures: DayFigures, row: FullRecordRow): DayFigures {
  const first = figures.records === 0
  return {
    records: figures.records + 1,
    minId: first ? row.id : Math.min(figures.minId, row.id),
    maxId: Math.max(figures.maxId, row.id),
    oldestAt: first ? row.accepted_at : Math.min(figures.oldestAt, row.accepted_at),
    youngestAt: Math.max(figures.youngestAt, row.accepted_at),
    youngestKeep: Math.max(figures.youngestKeep, row.keep_until),
  }
}

/** A day's file to read from; undefined when nothing was ever written to it. */
function openWithTables(path: string, key: Uint8Array): Connection | undefined {
  const source = openConnection({ path, key, readonly: true, cacheKiB: 1024 })
  if (!isBlank(source)) return source
  source.close()
  return undefined
}

/** Records out of which persons are taken. */
export interface Edits {
  ids: number[]
  meant: Meant
}

/** The records of a day on their way into a new file. */
export class RecordRewrite {
  readonly file: DayFile
  figures = noFigures
  /** ids met that do not come along, ascending */
  readonly gone: number[] = []
  /** records that were changed on the way */
  edited = 0
  private readonly edits: { ids: ReadonlySet<number>; matcher: Matcher } | undefined
  private readonly path: string
  private readonly going: ReadonlySet<number>
  private readonly source: Connection | undefined
  private readonly target: DayWriter
  private cursor = -1
  /** ids that came into the day behind the cursor */
  private readonly late = new Set<number>()

  constructor(folder: string, day: string, from: DayFile, going: ReadonlySet<number>, edits?: Edits) {
    this.going = going
    this.edits = edits && { ids: new Set(edits.ids), matcher: new Matcher(edits.meant) }
    this.file = { key: randomBytes(32), generation: from.generation + 1 }
    this.path = dayPath(folder, day, this.file.generation)
    const source = dayPath(folder, day, from.generation)
    removeDatabase(this.path)
    this.source = existsSync(source) ? openWithTables(source, from.key) : undefined
    this.target = new DayWriter(this.path, this.file.key)
  }

  /** Takes note of records that came into the day meanwhile. */
  note(ids: readonly number[]): void {
    for (const id of ids) if (id <= this.cursor) this.late.add(id)
  }

  /** Copies a slice. Returns whether there is more. */
  step(): boolean {
    const rows = (this.source
      ?.prepare('SELECT * FROM record WHERE id > ? ORDER BY id LIMIT ?')
      .all(this.cursor, RECORDS) ?? []) as FullRecordRow[]
    this.cursor = rows.at(-1)?.id ?? this.cursor
    this.take(rows)
    return rows.length === RECORDS || this.target.tidy()
  }

  private take(rows: FullRecordRow[]): void {
    const staying = rows.filter(({ id }) => !this.going.has(id))
    if (staying.length < rows.length) for (const { id } of rows) if (this.going.has(id)) this.gone.push(id)
    for (const row of this.target.copy(staying.map((row) => this.edit(row)))) this.figures = counted(this.figures, row)
  }

  private edit(row: FullRecordRow): FullRecordRow {
    if (!this.edits?.ids.has(row.id)) return row
    const isSubject = this.edits.matcher.of(row.account, row.accepted_at)
    if (!isSubject) return row
    this.edited++
    return redactRecord(row, isSubject)
  }

  /** Copies what came meanwhile and closes both files. An empty file is removed. No record may come from here on. */
  finish(): void {
    while (this.step());
    const select = this.source?.prepare('SELECT * FROM record WHERE id = ?')
    this.take([...this.late].flatMap((id) => (select?.get(id) as FullRecordRow | undefined) ?? []))
    this.gone.sort((a, b) => a - b)
    this.close()
    if (this.figures.records === 0) removeDatabase(this.path)
  }

  abandon(): void {
    this.close()
    removeDatabase(this.path)
  }

  private close(): void {
    this.source?.close()
    this.target.close()
  }
}

/** The sealed samples of a day on their way into a new file. */
export class SampleRewrite {
  readonly file: SamplesFile
  private readonly path: string
  private readonly going: ReadonlySet<number>
  private readonly source: Connection
  private readonly target: Connection
  private cursor = -1

  constructor(folder: string, day: string, from: SamplesFile, going: ReadonlySet<number>) {
    this.going = going
    this.file = { file: randomBytes(32), generation: from.generation + 1 }
    this.path = samplesPath(folder, day, this.file.generation)
    removeDatabase(this.path)
    this.source = openSamples(folder, day, from)
    this.target = openSamples(folder, day, this.file)
  }

  /** Copies a slice. Returns whether there is more. */
  step(): boolean {
    const next = 'SELECT message FROM sample WHERE message > ? ORDER BY message LIMIT ?'
    const messages = this.source.prepare(next).pluck().all(this.cursor, SAMPLES) as number[]
    this.cursor = messages.at(-1) ?? this.cursor
    this.take(messages)
    return messages.length === SAMPLES
  }

  private take(messages: number[]): void {
    const select = this.source.prepare('SELECT content FROM sample WHERE message = ?').pluck()
    const insert = this.target.prepare('INSERT OR IGNORE INTO sample VALUES (?, ?)')
    this.target.transaction(() => {
      for (const message of messages) if (!this.going.has(message)) insert.run(message, select.get(message))
    })()
  }

  /** Copies what came meanwhile, drops what went, closes both files. An empty file is removed. No sample may come now. */
  finish(): void {
    while (this.step());
    const there = new Set(this.target.prepare('SELECT message FROM sample').pluck().all() as number[])
    const all = new Set(this.source.prepare('SELECT message FROM sample').pluck().all() as number[])
    this.take([...all].filter((message) => !there.has(message)))
    // what was destroyed meanwhile must not live on in the copy
    const gone = this.target.prepare('DELETE FROM sample WHERE message = ?')
    for (const message of there) if (!all.has(message)) gone.run(message)
    const left = this.target.prepare('SELECT count(*) FROM sample').pluck().get() as number
    this.close()
    if (left === 0) removeDatabase(this.path)
  }

  abandon(): void {
    this.close()
    removeDatabase(this.path)
  }

  private close(): void {
    for (const database of [this.source, this.target]) {
      database.pragma('wal_checkpoint(TRUNCATE)')
      database.close()
    }
  }
}
