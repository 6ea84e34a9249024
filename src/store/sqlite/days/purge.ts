/** The end of days in the file system: digests of what goes, and the unlinking of what no catalogue entry speaks for. */

import { close, existsSync, ftruncate, lstatSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DAY_MS, startOfDay } from '../../../model/retention.ts'
import { digestOf } from '../retention/receipts.ts'
import { type Connection, isUnreadable, openConnection } from '../thread/connection.ts'
import { bytesByDay, countDatabases, dayOfFile, knownFiles, strayFiles } from '../thread/files.ts'
import { type Digest, DigestWork, dayDigest, UNREADABLE } from './dayDigest.ts'
import { dayPath, HELD_DAY } from './dayFile.ts'

interface DayKeyRow {
  key: Uint8Array
  generation: number
  records: number
  digest: string | null
  digest_records: number
}

/** What a day looked like before it goes: digest and number of the records that go with it. */
export interface Counted extends Digest {
  /** records of it that a hold keeps */
  held: number
  bytes: number
}

export interface SweepResult {
  /** files swept that belong to none of the days given */
  orphans: number
  /** size on disk of what is left of each of the days, bytes */
  bytes: number[]
}

export interface DigestStep {
  /** a digest that is done, to be kept in the catalogue */
  done: { day: string; digest: string; records: number } | undefined
  more: boolean
}

/** Bytes of an unlinked file given back in one step, and the pause between two, in milliseconds. */
const STEP_BYTES = 16 * 1024 * 1024
const PAUSE_MS = 40

/** A day whose file was damaged or lost goes like any other: only its digest is not known. */
function unknown({ records }: DayKeyRow): Digest {
  return { digest: UNREADABLE, records }
}

export class Purge {
  private readonly main: Connection
  private readonly folder: string
  private readonly select
  private readonly selectHeld
  private readonly selectUndigested
  private work: { day: string; row: DayKeyRow; database: Connection; digest: DigestWork } | undefined

  constructor(main: Connection, folder: string) {
    this.main = main
    this.folder = folder
    this.select = main.prepare('SELECT key, generation, records, digest, digest_records FROM day WHERE day = ?')
    this.selectHeld = main.prepare(
      `SELECT key, generation, records, digest, digest_records FROM day
       WHERE day = '${HELD_DAY}' AND records > 0 AND youngest_at >= ? AND oldest_at < ?`,
    )
    this.selectUndigested = main
      .prepare(
        `SELECT day FROM day WHERE youngest_at > 0 AND youngest_at < ? AND day <> 'held'
         AND (digest IS NULL OR digest_records <> records) ORDER BY day LIMIT 1`,
      )
      .pluck()
  }

  /** Digest, number of records and bytes of days: as kept in the catalogue, or counted now when that is out of date. */
  count(days: readonly { day: string; headers: boolean }[]): Counted[] {
    const bytes = bytesByDay(this.folder)
    return days.map(({ day, headers }) => {
      const held = headers ? this.held(day) : new Set<number>()
      const digest = headers ? this.digest(day, held) : { digest: digestOf([]), records: 0 }
      return { ...digest, held: held?.size ?? 0, bytes: bytes.get(day) ?? 0 }
    })
  }

  /**
   * Records of a day that were set aside for a hold; undefined when that cannot be said, because the file of the holds
   * was damaged or lost. It is not asked about a day of which it can have none.
   */
  private held(day: string): Set<number> | undefined {
    const start = startOfDay(day)
    const row = this.selectHeld.get(start, start + DAY_MS) as DayKeyRow | undefined
    if (!row) return new Set()
    return this.readable(HELD_DAY, row, undefined, () => {
      const database = this.open(HELD_DAY, row)
      try {
        const select = database.prepare('SELECT id FROM record WHERE accepted_at >= ? AND accepted_at < ?').pluck()
        return new Set(select.all(start, start + DAY_MS) as number[])
      } finally {
        database.close()
      }
    })
  }

  private digest(day: string, held: ReadonlySet<number> | undefined): Digest {
    const row = this.select.get(day) as DayKeyRow | undefined
    if (!held) return { digest: UNREADABLE, records: row?.records ?? 0 }
    // a file that could not be read may have been put back since
    const isKnown = row?.digest && row.digest !== UNREADABLE && row.digest_records === row.records
    if (held.size === 0 && isKnown) return { digest: row.digest!, records: row.records }
    if (!row || row.records === 0) return { digest: digestOf([]), records: 0 }
    return this.readable(day, row, unknown(row), () => {
      const database = this.open(day, row)
      try {
        return dayDigest(database, held)
      } finally {
        database.close()
      }
    })
  }

  /** Reads a day's file; `none` when it was damaged or lost. */
  private readable<T, N>(day: string, row: DayKeyRow, none: N, read: () => T): T | N {
    try {
      return read()
    } catch (error) {
      if (!isUnreadable(error) && existsSync(dayPath(this.folder, day, row.generation))) throw error
      return none
    }
  }

  private open(day: string, { key, generation }: DayKeyRow): Connection {
    return openConnection({ path: dayPath(this.folder, day, generation), key, readonly: true, cacheKiB: 256 })
  }

  /**
   * Works on the digest of a day that is not expected to grow any more, a step at a time, so that the day can go in
   * no time later.
   * @param before days whose youngest record is older (milliseconds, Unix time)
   */
  digestAhead(before: number): DigestStep {
    if (!this.work) {
      const day = this.selectUndigested.get(before) as string | undefined
      if (day === undefined) return { done: undefined, more: false }
      const row = this.select.get(day) as DayKeyRow
      const lost = this.readable(day, row, unknown(row), () => {
        const database = this.open(day, row)
        this.work = { day, row, database, digest: new DigestWork(database) }
        return undefined
      })
      return { done: lost && { day, ...lost }, more: true }
    }
    const { day, row, digest } = this.work
    const done = this.readable(day, row, unknown(row), () => digest.step())
    if (!done) return { done: undefined, more: true }
    this.stop()
    return { done: { day, ...done }, more: true }
  }

  /**
   * Unlinks every file in `days/` and `samples/` that no catalogue entry speaks for. Each is open meanwhile, so that its
   * name goes at once, and its blocks are given back in small steps after.
   * @param days whose files are no orphans: their keys were destroyed on purpose
   */
  sweep(days: string[]): SweepResult {
    this.stop()
    const stray = strayFiles(this.folder, knownFiles(this.main))
    for (const file of stray) unlinkOpen(join(this.folder, file))
    const bytes = bytesByDay(this.folder)
    return {
      orphans: countDatabases(stray.filter((file) => !days.includes(dayOfFile(file)))),
      bytes: days.map((day) => bytes.get(day) ?? 0),
    }
  }

  /** Leaves a digest in the making. */
  stop(): void {
    this.work?.database.close()
    this.work = undefined
  }
}

function unlinkOpen(path: string): void {
  // a pipe or a link that somebody put there has no blocks to wait for
  if (!lstatSync(path).isFile()) {
    rmSync(path)
    return
  }
  const { size } = lstatSync(path)
  const file = openSync(path, 'r+')
  rmSync(path)
  giveBack(file, size)
}

/**
 * Gives the blocks of an unlinked file back, a little at a time: all at once, the file system would keep commits waiting
 * for as long. What a stop leaves, the system gives back by itself.
 */
function giveBack(file: number, size: number): void {
  const left = size - STEP_BYTES
  // an error would say nothing about the name, which is gone
  if (left <= 0) close(file, () => undefined)
  else ftruncate(file, left, () => void setTimeout(() => giveBack(file, left), PAUSE_MS).unref())
}
