/** Reads legal holds. */

import type { Hold, HoldScope } from '../../../model/hold.ts'
import type { HoldRecord } from '../../holds.ts'
import type { Connection } from '../thread/connection.ts'
import { activeHolds } from './matcher.ts'

interface HoldRow {
  id: number
  scope: string
  reason: string
  placed_by: string
  placed_at: number
  released_by: string | null
  released_at: number | null
  release_reason: string | null
  headers: number | null
}

export class HoldReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  /** All holds, newest first. What one in force keeps is not counted here. */
  list(): HoldRecord[] {
    const rows = this.main.prepare('SELECT * FROM hold ORDER BY id DESC').all() as HoldRow[]
    return rows.map((row) => ({
      id: row.id,
      scope: JSON.parse(row.scope) as HoldScope,
      reason: row.reason,
      placedBy: row.placed_by,
      placedAt: row.placed_at,
      released:
        row.released_at === null
          ? undefined
          : { by: row.released_by ?? '', at: row.released_at, reason: row.release_reason ?? '' },
      headers: row.headers ?? 0,
    }))
  }

  active(): Hold[] {
    return activeHolds(this.main)
  }
}
