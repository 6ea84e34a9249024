/** The day whose files are being written anew, if any, a slice at a time. */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dayOf } from '../../../model/retention.ts'
import { digestOf } from '../retention/receipts.ts'
import { type SamplesFile, samplesFileOf, samplesPath } from '../samples/move.ts'
import type { Connection } from '../thread/connection.ts'
import { bytesByDay } from '../thread/files.ts'
import { UNREADABLE } from './dayDigest.ts'
import { HELD_DAY } from './dayFile.ts'
import type { DayFile, DayFiles } from './dayFiles.ts'
import { type DayFigures, type Edits, noFigures, RecordRewrite, SampleRewrite } from './rewrite.ts'

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

  /**
   * What is to be known of the files of the holds when nothing of them stays, and they cannot be read. Undefined when
   * there is nothing in them, or one of their days is not over: what it has in them as well goes with it.
   */
  giveUpHeld(): Rewritten | undefined {
    const file = this.main
      .prepare('SELECT generation, records, youngest_at AS youngestAt FROM day WHERE day = ? AND records > 0')
      .get(HELD_DAY) as { generation: number; records: number; youngestAt: number } | undefined
    if (!file || this.oldestDay() <= dayOf(file.youngestAt)) return undefined
    const samples = samplesFileOf(this.main, HELD_DAY)
    return {
      day: HELD_DAY,
      file: { key: randomBytes(32), generation: file.generation + 1 },
      figures: noFigures,
      samples: samples && { file: randomBytes(32), generation: samples.generation + 1 },
      samplesGone: this.samplesOf(HELD_DAY),
      headersGone: file.records,
      edited: 0,
      digest: UNREADABLE,
      bytesBefore: bytesByDay(this.folder).get(HELD_DAY) ?? 0,
    }
  }

  /** The oldest day there is; later than any when there is none. */
  private oldestDay(): string {
    const select = this.main.prepare('SELECT min(day) FROM day WHERE day <> ?').pluck()
    return (select.get(HELD_DAY) as string | null) ?? '9999'
  }

  /** Leaves new files in the making. */
  abandon(): void {
    this.rewrite?.records.abandon()
    this.rewrite?.samples?.abandon()
    this.rewrite = undefined
  }
}
