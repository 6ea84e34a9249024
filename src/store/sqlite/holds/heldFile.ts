/** Copies what a legal hold keeps beyond its day into files of their own, before the day goes. */

import { existsSync } from 'node:fs'
import { type FullRecordRow, HELD_DAY } from '../days/dayFile.ts'
import type { DayFiles } from '../days/dayFiles.ts'
import type { DayFigures } from '../days/rewrite.ts'
import { openSamples, samplesFileOf, samplesPath } from '../samples/move.ts'
import type { Connection } from '../thread/connection.ts'

/** What was set aside. */
export interface HeldCopy {
  /** of the whole file of the holds */
  held: DayFigures
  /** messages whose samples were set aside too */
  samples: number[]
}

export class HeldFile {
  private readonly main: Connection
  private readonly folder: string
  private readonly days: DayFiles

  constructor(main: Connection, folder: string, days: DayFiles) {
    this.main = main
    this.folder = folder
    this.days = days
  }

  /**
   * Copies records of a day into the hold, with their samples, durably; those that are there stay as they are. Of a
   * message that has no record in its day yet, the sample alone.
   */
  copy(day: string, ids: number[]): HeldCopy {
    const rows = this.days.reading<FullRecordRow[]>(day, [], (source) => {
      const select = source.prepare('SELECT * FROM record WHERE id = ?')
      return ids.flatMap((id) => (select.get(id) as FullRecordRow | undefined) ?? [])
    })
    const writer = this.days.writer(HELD_DAY)
    writer.copy(rows)
    const held = writer.database
      .prepare(
        `SELECT count(*) AS records, coalesce(min(id), 0) AS minId, coalesce(max(id), 0) AS maxId,
           coalesce(min(accepted_at), 0) AS oldestAt, coalesce(max(accepted_at), 0) AS youngestAt,
           coalesce(max(keep_until), 0) AS youngestKeep FROM record`,
      )
      .get() as DayFigures
    return { held, samples: this.copySamples(day, ids) }
  }

  private copySamples(day: string, ids: number[]): number[] {
    const wanted = new Set(ids)
    const rows = this.main.prepare('SELECT message, content FROM sample WHERE day = ? AND held = 0').all(day) as {
      message: number
      content: Uint8Array | null
    }[]
    const samples = rows.filter(({ message }) => wanted.has(message))
    if (samples.length === 0) return []
    const own = samplesFileOf(this.main, day)
    const source =
      own && existsSync(samplesPath(this.folder, day, own.generation)) ? openSamples(this.folder, day, own) : undefined
    const target = openSamples(this.folder, HELD_DAY, samplesFileOf(this.main, HELD_DAY)!)
    try {
      const select = source?.prepare('SELECT content FROM sample WHERE message = ?').pluck()
      const insert = target.prepare('INSERT OR IGNORE INTO sample VALUES (?, ?)')
      return target.transaction(() =>
        samples.flatMap(({ message, content }) => {
          const sealed = content ?? (select?.get(message) as Uint8Array | undefined)
          if (!sealed) return []
          insert.run(message, sealed)
          return [message]
        }),
      )()
    } finally {
      source?.close()
      target.pragma('wal_checkpoint(TRUNCATE)')
      target.close()
    }
  }
}
