/** Moves sealed bytes of samples from the main database into their day's file. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileNameOf } from '../days/dayFile.ts'
import { type Connection, isUnreadable, openMigrated } from '../thread/connection.ts'
import { sampleMigrations } from '../thread/schema.ts'

/** Samples moved in one go: they can be large. */
const BATCH = 16

/** A day's samples file as the catalogue has it. */
export interface SamplesFile {
  file: Uint8Array
  generation: number
}

/** Where the file of a day's samples lies. */
export function samplesPath(folder: string, day: string, generation: number): string {
  return join(folder, 'samples', `${fileNameOf(day, generation)}.db`)
}

/** The samples file of a day; undefined when the catalogue has none. */
export function samplesFileOf(main: Connection, day: string): SamplesFile | undefined {
  return main.prepare('SELECT file, generation FROM sample_key WHERE day = ?').get(day) as SamplesFile | undefined
}

/** Opens a samples file for writing; made when it is new. */
export function openSamples(folder: string, day: string, { file: key, generation }: SamplesFile): Connection {
  return openMigrated({ path: samplesPath(folder, day, generation), key, cacheKiB: 256 }, sampleMigrations)
}

/** A sample whose sealed bytes are in the main database. */
interface WaitingSample {
  message: number
  day: string
  content: Uint8Array
}

export class SampleMover {
  private readonly folder: string
  private readonly selectWaiting
  private readonly selectKey
  /** days whose files could not be read; what is sampled of them stays in the main database until they go */
  private readonly unreadable = new Set<string>()

  constructor(main: Connection, folder: string) {
    this.folder = folder
    mkdirSync(join(folder, 'samples'), { recursive: true, mode: 0o700 })
    this.selectWaiting = main.prepare(
      `SELECT message, day, content FROM sample
       WHERE content IS NOT NULL AND day NOT IN (SELECT value FROM json_each(?)) ORDER BY message LIMIT ${BATCH}`,
    )
    this.selectKey = main.prepare('SELECT file, generation FROM sample_key WHERE day = ?')
  }

  /** Copies sealed bytes into their days, durably. Returns whose; none when all have been moved. */
  move(): number[] {
    for (;;) {
      const rows = this.selectWaiting.all(JSON.stringify([...this.unreadable])) as WaitingSample[]
      for (const day of new Set(rows.map((row) => row.day))) {
        const file = this.selectKey.get(day) as SamplesFile | undefined
        if (!file) continue
        try {
          this.moveInto(
            day,
            file,
            rows.filter((row) => row.day === day),
          )
        } catch (error) {
          if (!isUnreadable(error)) throw error
          this.unreadable.add(day)
        }
      }
      const moved = rows.filter(({ day }) => !this.unreadable.has(day))
      if (moved.length > 0 || rows.length === 0) return moved.map(({ message }) => message)
    }
  }

  private moveInto(day: string, file: SamplesFile, rows: readonly WaitingSample[]): void {
    const database = openSamples(this.folder, day, file)
    try {
      const insert = database.prepare('INSERT OR IGNORE INTO sample VALUES (?, ?)')
      database.transaction(() => {
        for (const row of rows) insert.run(row.message, row.content)
      })()
      database.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      database.close()
    }
  }
}
