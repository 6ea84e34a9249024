/** The catalogue of days: which files there are, their keys, and what is in them. */

import { randomBytes } from 'node:crypto'
import type { Sampling } from '../samples/sampling.ts'
import type { Connection } from '../thread/connection.ts'

/** What was moved into a day's file. */
export interface ArchivedDay {
  day: string
  ids: number[]
  minId: number
  maxId: number
  oldestAt: number
  youngestAt: number
  youngestKeep: number
  /** records the day's file did not hold before */
  added: number
}

export class Days {
  private readonly sampling: Sampling
  private readonly selectKey
  private readonly insert
  private readonly update
  private readonly forgetMessage
  private readonly forgetDeliveries
  private readonly forgetAttempts

  constructor(database: Connection, sampling: Sampling) {
    this.sampling = sampling
    this.selectKey = database.prepare('SELECT key FROM day WHERE day = ?').pluck()
    this.insert = database.prepare(
      `INSERT INTO day (day, key, records, min_id, max_id, oldest_at, youngest_at, youngest_keep, persons)
       VALUES (?, ?, 0, 0, 0, 0, 0, 0, 1)`,
    )
    this.update = database.prepare(
      `UPDATE day SET records = records + @added,
         min_id = CASE WHEN min_id = 0 THEN @minId ELSE min(min_id, @minId) END, max_id = max(max_id, @maxId),
         oldest_at = CASE WHEN oldest_at = 0 THEN @oldestAt ELSE min(oldest_at, @oldestAt) END,
         youngest_at = max(youngest_at, @youngestAt), youngest_keep = max(youngest_keep, @youngestKeep)
       WHERE day = @day`,
    )
    this.forgetMessage = database.prepare('DELETE FROM message WHERE id = ?')
    this.forgetDeliveries = database.prepare('DELETE FROM delivery WHERE message = ?')
    this.forgetAttempts = database.prepare('DELETE FROM attempt WHERE message = ?')
  }

  /** The key of a day's file; made when the day is new. 32 bytes. */
  key(day: string): Uint8Array {
    const key = this.selectKey.get(day) as Uint8Array | undefined
    if (key) return key
    const fresh = randomBytes(32)
    this.insert.run(day, fresh)
    return fresh
  }

  /** Ends the move of records into their day: the catalogue knows them, live mail no longer does. */
  archived(days: ArchivedDay[]): void {
    // the numbering is recovered from live mail: it is written down before any leaves
    this.sampling.flush()
    for (const { ids, ...day } of days) {
      this.update.run(day)
      for (const id of ids) {
        this.forgetAttempts.run(id)
        this.forgetDeliveries.run(id)
        this.forgetMessage.run(id)
      }
    }
  }
}
