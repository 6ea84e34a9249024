/** The day whose files are being written anew, if any, a slice at a time. */

import { existsSync } from 'node:fs'
import type { Connection } from '../connection.ts'
import { HELD_DAY } from '../dayFile.ts'
import { bytesByDay } from '../files.ts'
import { digestOf } from '../writer/receipts.ts'
import type { DayFile, DayFiles } from './dayFiles.ts'
import { type DayFigures, type Edits, RecordRewrite, SampleRewrite } from './rewrite.ts'
import { type SamplesFile, samplesFileOf, samplesPath } from './samples.ts'

/** The files of a day, written anew and not yet in the catalogue. */
export interface Rewritten {
  day: string
  file: DayFile
  figures: DayFigures
  /** undefined when its samples stay as they are */
  samples: SamplesFile | undefined
  /** messages whose samples go */
  samplesGone: number[]
  headersGone: number
  /** records out of which persons were taken */
  edited: number
  /** see digestOf */
  digest: string
  /** size on disk of the old files */
  bytesBefore: number
}

interface Rewrite {
  day: string
  records: RecordRewrite
  samples: SampleRewrite | undefined
  samplesGone: number[]
  bytesBefore: number
}

export class Rewriting {
  private readonly main: Connection
  private readonly folder: string
  private readonly days: DayFiles
  private rewrite: Rewrite | undefined

  constructor(main: Connection, folder: string, days: DayFiles) {
    this.main = main
    this.folder = folder
    this.days = days
  }

  /**
   * Begins to write the files of a day anew, without some records, and some without persons. Returns false when there is
   * no such day.
   */
  begin(day: string, ids: number[], edits?: Edits): boolean {
    this.abandon()
    const file = this.days.file(day)
    if (!file) return false
    const going = new Set(ids)
    const bytesBefore = bytesByDay(this.folder).get(day) ?? 0
    // a sealed sample cannot be changed: it goes when persons are taken out of its record
    const withSample = new Set([...ids, ...(edits?.ids ?? [])])
    const samplesGone = this.samplesOf(day).filter((message) => withSample.has(message))
    const records = new RecordRewrite(this.folder, day, file, going, edits)
    this.rewrite = { day, records, samples: this.sampleRewrite(day, samplesGone), samplesGone, bytesBefore }
    return true
  }

  private samplesOf(day: string): number[] {
    const statement =
      day === HELD_DAY
        ? this.main.prepare('SELECT message FROM sample WHERE held = 1 ORDER BY message')
        : this.main.prepare('SELECT message FROM sample WHERE day = ? AND held = 0 ORDER BY message').bind(day)
    return statement.pluck().all() as number[]
  }

  private sampleRewrite(day: string, gone: number[]): SampleRewrite | undefined {
    const file = samplesFileOf(this.main, day)
    if (gone.length === 0 || !file || !existsSync(samplesPath(this.folder, day, file.generation))) return undefined
    return new SampleRewrite(this.folder, day, file, new Set(gone))
  }

  /** Writes a slice of the new files. Returns whether there is more. */
  step(): boolean {
    return this.rewrite !== undefined && (this.rewrite.records.step() || (this.rewrite.samples?.step() ?? false))
  }

  /** Takes note of records that were moved into a day. */
  archived(day: string, ids: readonly number[]): void {
    if (this.rewrite?.day === day) this.rewrite.records.note(ids)
  }

  /** Ends the new files. Nothing may be moved into the day from here on until the catalogue speaks for them. */
  finish(): Rewritten | undefined {
    if (!this.rewrite) return undefined
    const { day, records, samples, samplesGone, bytesBefore } = this.rewrite
    records.finish()
    samples?.finish()
    this.rewrite = undefined
    const { file, figures, gone, edited } = records
    return {
      day,
      file,
      figures,
      samples: samples?.file,
      samplesGone,
      headersGone: gone.length,
      edited,
      // samples that go with their records are named by these
      digest: digestOf(gone.length > 0 ? gone : samplesGone),
      bytesBefore,
    }
  }

  /** Leaves new files in the making. */
  abandon(): void {
    this.rewrite?.records.abandon()
    this.rewrite?.samples?.abandon()
    this.rewrite = undefined
  }
}
