/** The files of days: opened for writing, and kept open as long as the catalogue speaks for them, or for one reading. */

import { existsSync } from 'node:fs'
import { type Connection, isBlank, missingFile, openConnection } from '../thread/connection.ts'
import { DayWriter, dayPath } from './dayFile.ts'

/** Day files kept open for writing. Records come in order, so that more than two are rarely needed. */
const OPEN_DAYS = 3

/** A day's file as the catalogue has it. */
export interface DayFile {
  key: Uint8Array
  generation: number
}

export class DayFiles {
  private readonly folder: string
  private readonly select
  private readonly selectRecords
  private readonly open = new Map<string, { generation: number; writer: DayWriter }>()

  constructor(main: Connection, folder: string) {
    this.folder = folder
    this.select = main.prepare('SELECT key, generation FROM day WHERE day = ?')
    this.selectRecords = main.prepare('SELECT records FROM day WHERE day = ? AND generation = ?').pluck()
  }

  /** The file of a day; undefined when the catalogue has none. */
  file(day: string): DayFile | undefined {
    return this.select.get(day) as DayFile | undefined
  }

  /**
   * The writer of a day.
   * @throws when the catalogue has no such day, or its file is lost: what is written would be in the way of a copy
   */
  writer(day: string): DayWriter {
    const file = this.file(day)
    if (!file) throw new Error(`there is no day ${day}`)
    const known = this.open.get(day)
    if (known?.generation === file.generation) return known.writer
    this.drop(day)
    const path = dayPath(this.folder, day, file.generation)
    if (!existsSync(path) && this.records(day, file) > 0) throw missingFile(path)
    const writer = new DayWriter(path, file.key)
    this.open.set(day, { generation: file.generation, writer })
    const oldest = [...this.open.keys()].sort()[0]!
    if (this.open.size > OPEN_DAYS && oldest !== day) this.close(oldest)
    return writer
  }

  /** How many records the catalogue has of this file of a day; none when there is another one by now. */
  private records(day: string, { generation }: DayFile): number {
    return (this.selectRecords.get(day, generation) as number | undefined) ?? 0
  }

  /**
   * Reads from a day's file; `none` when there is none.
   * @throws when it was damaged or lost
   */
  reading<T>(day: string, none: T, read: (source: Connection) => T): T {
    const file = this.file(day)
    if (!file) return none
    const path = dayPath(this.folder, day, file.generation)
    if (!existsSync(path)) {
      if (this.records(day, file) > 0) throw missingFile(path)
      return none
    }
    const source = openConnection({ path, key: file.key, readonly: true, cacheKiB: 512 })
    try {
      if (isBlank(source) && this.records(day, file) === 0) return none
      return read(source)
    } finally {
      source.close()
    }
  }

  /** Folds the file's log into it and closes it. */
  close(day: string): void {
    this.open.get(day)?.writer.close()
    this.open.delete(day)
  }

  /** Closes the file of a day that is gone. */
  drop(day: string): void {
    this.open.get(day)?.writer.database.close()
    this.open.delete(day)
  }

  /** Closes files that the catalogue no longer speaks for. */
  dropGone(): void {
    for (const [day, { generation }] of this.open) if (this.file(day)?.generation !== generation) this.drop(day)
  }

  closeAll(): void {
    for (const day of [...this.open.keys()]) this.close(day)
  }
}
