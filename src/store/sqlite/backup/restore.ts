/** Puts a backup into a new data folder. Nothing of it is served before retention has run over it: see `relay/restore.ts`. */

import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Restored, RestoreOptions } from '../../backup.ts'
import { dayPath } from '../days/dayFile.ts'
import { type Connection, migrate, openConnection } from '../thread/connection.ts'
import { mainMigrations } from '../thread/schema.ts'
import { changedTables, copiedTables } from './contents.ts'
import { closeAsOneFile, copyDatabase, copyTable } from './copy.ts'

interface DayTotals {
  records: number
  min_id: number | null
  max_id: number | null
  oldest_at: number | null
  youngest_at: number | null
  youngest_keep: number | null
}

class Restorer {
  private readonly options: RestoreOptions
  private readonly main: Connection

  constructor(options: RestoreOptions) {
    this.options = options
    mkdirSync(join(options.folder, 'days'), { recursive: true, mode: 0o700 })
    this.main = openConnection({ path: join(options.folder, 'mailward.db'), key: options.logKey, cacheKiB: 8192 })
    this.main.pragma('synchronous=OFF')
    migrate(this.main, mainMigrations)
  }

  restore(): Restored {
    this.copyMain()
    const days = this.main.prepare('SELECT day, key FROM day ORDER BY day').all() as { day: string; key: Uint8Array }[]
    for (const { day, key } of days) this.copyDay(day, key)
    const restored = this.count()
    closeAsOneFile(this.main)
    return restored
  }

  private copyMain(): void {
    const path = join(this.options.from, 'mailward.db')
    const source = openConnection({ path, key: this.options.key, readonly: true, cacheKiB: 4096 })
    try {
      this.main.transaction(() => {
        this.main.pragma('defer_foreign_keys=ON')
        for (const table of [...copiedTables(source), ...changedTables]) copyTable(source, this.main, table)
      })()
    } finally {
      source.close()
    }
  }

  /** Copies a day under a key of its own, and takes stock: its file may be younger than the catalogue. */
  private copyDay(day: string, key: Uint8Array): void {
    const from = { path: join(this.options.from, 'days', `${day}.db`), key }
    const to = { path: dayPath(this.options.folder, day, 0), key: randomBytes(32) }
    copyDatabase(from, to)
    const file = openConnection({ ...to, readonly: true, cacheKiB: 2048 })
    try {
      const totals = file
        .prepare(
          `SELECT count(*) AS records, min(id) AS min_id, max(id) AS max_id, min(accepted_at) AS oldest_at,
             max(accepted_at) AS youngest_at, max(keep_until) AS youngest_keep FROM record`,
        )
        .get() as DayTotals
      this.main.transaction(() => {
        this.takeStock(day, to.key, totals)
        this.forgetFinished(file, totals)
      })()
    } finally {
      file.close()
    }
  }

  private takeStock(day: string, key: Uint8Array, totals: DayTotals): void {
    this.main
      .prepare(
        `UPDATE day SET key = ?, records = ?, min_id = ?, max_id = ?, oldest_at = ?, youngest_at = ?, youngest_keep = ?
         WHERE day = ?`,
      )
      .run(
        key,
        totals.records,
        totals.min_id ?? 0,
        totals.max_id ?? 0,
        totals.oldest_at ?? 0,
        totals.youngest_at ?? 0,
        totals.youngest_keep ?? 0,
        day,
      )
  }

  /** What the day's file has is finished, whatever the main database thought when it was copied. */
  private forgetFinished(file: Connection, { min_id, max_id }: DayTotals): void {
    const live = this.main.prepare('SELECT id FROM message WHERE id BETWEEN ? AND ?').pluck()
    const select = file.prepare('SELECT 1 FROM record WHERE id = ?').pluck()
    const statements = ['attempt', 'delivery', 'body']
      .map((table) => this.main.prepare(`DELETE FROM ${table} WHERE message = ?`))
      .concat(this.main.prepare('DELETE FROM message WHERE id = ?'))
    for (const id of live.all(min_id, max_id) as number[]) {
      if (select.get(id) !== undefined) for (const statement of statements) statement.run(id)
    }
  }

  private count(): Restored {
    const days = this.main.prepare('SELECT count(*) AS days, sum(records) AS records FROM day')
    const live = this.main.prepare('SELECT count(*) AS records, sum(open > 0) AS open FROM message')
    const past = days.get() as { days: number; records: number | null }
    const present = live.get() as { records: number; open: number | null }
    return { days: past.days, headers: (past.records ?? 0) + present.records, live: present.open ?? 0 }
  }
}

/**
 * Puts a backup into a folder that is new or empty. It is then to be opened, and brought up to date with what had to be
 * destroyed since, before anybody sees it.
 */
export function restoreBackup(options: RestoreOptions): Restored {
  return new Restorer(options).restore()
}
