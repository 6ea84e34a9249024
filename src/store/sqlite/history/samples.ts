/** Moves sealed bytes of samples from the main database into their day's file. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Connection, migrate, openConnection } from '../connection.ts'
import { fileNameOf } from '../dayFile.ts'
import { sampleMigrations } from '../schema.ts'

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
  const database = openConnection({ path: samplesPath(folder, day, generation), key, cacheKiB: 256 })
  migrate(database, sampleMigrations)
  return database
}

export class SampleMover {
  private readonly folder: string
  private readonly selectWaiting
  private readonly selectKey

  constructor(main: Connection, folder: string) {
    this.folder = folder
    mkdirSync(join(folder, 'samples'), { recursive: true, mode: 0o700 })
    this.selectWaiting = main.prepare(
      `SELECT message, day, content FROM sample WHERE content IS NOT NULL ORDER BY message LIMIT ${BATCH}`,
    )
    this.selectKey = main.prepare('SELECT file, generation FROM sample_key WHERE day = ?')
  }

  /** Copies sealed bytes into their days, durably. Returns whose; none when all have been moved. */
  move(): number[] {
    const rows = this.selectWaiting.all() as { message: number; day: string; content: Uint8Array }[]
    for (const day of new Set(rows.map((row) => row.day))) {
      const file = this.selectKey.get(day) as SamplesFile | undefined
      if (!file) continue
      const database = openSamples(this.folder, day, file)
      try {
        const insert = database.prepare('INSERT OR IGNORE INTO sample VALUES (?, ?)')
        database.transaction(() => {
          for (const row of rows) if (row.day === day) insert.run(row.message, row.content)
        })()
        database.pragma('wal_checkpoint(TRUNCATE)')
      } finally {
        database.close()
      }
    }
    return rows.map((row) => row.message)
  }
}
