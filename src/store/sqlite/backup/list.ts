/** The backups that were made, as the main database lists them. */

import type { BackupRecord } from '../../backup.ts'
import type { Connection } from '../thread/connection.ts'

interface BackupRow {
  id: string
  folder: string
  created_at: number
  destroy_by: number
  days: number
  headers: number
  live: number
  bytes: number
}

/** Backups that were made, newest first. */
export function listBackups(database: Connection): BackupRecord[] {
  const rows = database.prepare('SELECT * FROM backup ORDER BY created_at DESC, rowid DESC').all() as BackupRow[]
  return rows.map(({ created_at, destroy_by, ...row }) => ({ ...row, createdAt: created_at, destroyBy: destroy_by }))
}
