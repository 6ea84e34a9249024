/** Looks at everything that may name data subjects, one slice after the other. */

import type { QueueFilter } from '../../../model/filter.ts'
import type { Suppression, Work } from '../../subjects.ts'
import type { Archiver } from '../days/archiver.ts'
import type { DayRewrites } from '../days/dayRewrites.ts'
import type { SampleMoves } from '../samples/client.ts'
import { isUnreadable } from '../thread/connection.ts'
import type { Threads } from '../threads/threads.ts'
import { Places } from './columnCounts.ts'
import type { Meant } from './match.ts'
import type { LiveSubjectsFound, SubjectsInDay } from './reader.ts'
import { placeOf, type RowSlice, type Surroundings, searchedTables } from './tableRows.ts'

export interface SubjectParts extends Threads {
  archiver: Archiver
  sampleMoves: SampleMoves
  rewrites: DayRewrites
  logKey: Uint8Array
  now: () => number
  hideBy: () => number
  suppressions: Suppression[]
  /** cancels deliveries, and has what is finished by it moved */
  cancel(filter: QueueFilter, reason: string, at: number): Promise<unknown>
}

/** One piece of work on everything that names the persons. */
export interface Pass {
  meant: Meant
  around: Surroundings
  work: Work
}

/** Looks at everything, one slice after the other. */
export class Look {
  protected readonly parts: SubjectParts
  protected readonly pass: Pass
  readonly places = new Places()

  constructor(parts: SubjectParts, pass: Pass) {
    this.parts = parts
    this.pass = pass
  }

  protected get isCancelled(): boolean {
    return this.pass.work.isCancelled()
  }

  protected async live(take: (found: LiveSubjectsFound['found']) => void): Promise<void> {
    const { meant, around } = this.pass
    for (let after: number | undefined = -1; after !== undefined && !this.isCancelled; ) {
      const slice: LiveSubjectsFound = await this.parts.reader.subjects.inLive(meant, around, after)
      take(slice.found)
      after = slice.next
    }
  }

  protected async day(day: string, take: (slice: SubjectsInDay) => void): Promise<void> {
    const { meant, around } = this.pass
    for (let after: number | undefined = -1; after !== undefined && !this.isCancelled; ) {
      const slice: SubjectsInDay = await this.parts.reader.subjects.inDay(meant, day, around, after)
      take(slice)
      after = slice.next
    }
  }

  protected async tables(take: (table: string, found: RowSlice['found']) => Promise<void>): Promise<void> {
    const { meant, around } = this.pass
    for (const table of searchedTables()) {
      for (let after: number | undefined = 0; after !== undefined && !this.isCancelled; ) {
        const slice: RowSlice = await this.parts.reader.subjects.inTable(meant, table, around, after)
        await take(table, slice.found)
        after = slice.next
      }
    }
  }

  /** Goes through the days, and tells how far it is. */
  protected async days(each: (day: string, looked: (records: number) => void) => Promise<void>): Promise<void> {
    const days = await this.parts.reader.subjects.catalogue()
    const total = days.reduce((sum, { records }) => sum + records, 0)
    let before = 0
    for (const { day, records } of days) {
      if (this.isCancelled) return
      let looked = 0
      try {
        await each(day, (more) => {
          looked += more
          this.pass.work.progress(Math.min(total, before + Math.min(looked, records)), total)
        })
      } catch (error) {
        if (!isUnreadable(error)) throw error
        this.places.stay('unreadable days', 'damage', `${day} (${records} header records) cannot be read`)
      }
      before += records
      this.pass.work.progress(before, total)
    }
  }

  /** Counts what is found in live mail. */
  protected countLive(found: LiveSubjectsFound['found']): void {
    for (const { isOpen, captured, isWaiting, stays } of found) {
      if (!isOpen) continue
      const place = captured.length > 0 && !isWaiting ? 'captured mail' : 'queue'
      if (stays) this.places.stay(stays === 'request' ? 'letters' : place, stays)
      else if (isWaiting) this.places.stay(place, 'delivery')
      else this.places.add(place)
    }
  }

  protected countRows(found: RowSlice['found']): void {
    for (const { table, goes, stays } of found) {
      if (stays) this.places.stay(placeOf(table), stays.cause, stays.why)
      else if (goes) this.places.add(placeOf(table))
    }
  }

  protected countDay({ alone, others, held, letters }: SubjectsInDay): void {
    this.places.add('header records', alone.length + others.length)
    this.places.stay('header records', 'hold', undefined, held)
    this.places.stay('letters', 'request', undefined, letters)
  }
}
