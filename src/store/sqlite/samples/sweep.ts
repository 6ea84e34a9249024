/** Destroys the sealed bytes of samples that are no longer in the list: in their day's file, where they were moved to. */

import { existsSync } from 'node:fs'
import { type Connection, isUnreadable } from '../thread/connection.ts'
import { openSamples, type SamplesFile, samplesPath } from './move.ts'

type DayFile = SamplesFile & { day: string }

export class SampleSweep {
  private readonly main: Connection
  private readonly folder: string

  constructor(main: Connection, folder: string) {
    this.main = main
    this.folder = folder
  }

  /**
   * Whatever a file holds that the list does not know is destroyed: overwritten in its page, and gone from the log of
   * the file. To be run in the thread that moves samples, so that nothing is between list and file meanwhile. Returns
   * the days whose files cannot be read, so that it is not known what they still hold.
   * @param only days that are looked at; undefined: all
   */
  sweep(only?: readonly string[]): string[] {
    const days = this.main.prepare("SELECT day, file, generation FROM sample_key WHERE file <> x''").all() as DayFile[]
    return days
      .filter(({ day }) => only?.includes(day) ?? true)
      .filter(({ day, generation }) => existsSync(samplesPath(this.folder, day, generation)))
      .flatMap((file) => (this.isSwept(file) ? [] : [file.day]))
  }

  private isSwept(file: DayFile): boolean {
    try {
      this.sweepDay(file)
      return true
    } catch (error) {
      if (!isUnreadable(error)) throw error
      return false
    }
  }

  private sweepDay(file: DayFile): void {
    const database = openSamples(this.folder, file.day, file)
    try {
      const known = this.main.prepare('SELECT 1 FROM sample WHERE message = ?').pluck()
      const there = database.prepare('SELECT message FROM sample').pluck().all() as number[]
      const gone = there.filter((message) => known.get(message) === undefined)
      if (gone.length === 0) return
      const forget = database.prepare('DELETE FROM sample WHERE message = ?')
      database.transaction(() => {
        for (const message of gone) forget.run(message)
      })()
      database.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      database.close()
    }
  }
}
