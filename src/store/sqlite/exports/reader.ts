/** Reads packages. */

import type { ExportFile, ExportRecord } from '../../exports.ts'
import type { Connection } from '../thread/connection.ts'
import { decodeExport, type ExportRow } from './rows.ts'

export class ExportReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  list(request: number): ExportRecord[] {
    const rows = this.main.prepare('SELECT * FROM package WHERE request = ? ORDER BY id').all(request) as ExportRow[]
    return rows.map(decodeExport)
  }

  get(id: number): ExportRecord | undefined {
    const row = this.row(id)
    return row && decodeExport(row)
  }

  content(id: number, at: number): ExportFile | undefined {
    const row = this.row(id)
    if (!row?.key || row.expires_at <= at) return undefined
    return { file: row.file, key: row.key }
  }

  files(): string[] {
    const select = `SELECT file FROM package WHERE key IS NOT NULL
      UNION ALL SELECT handed_file FROM package WHERE handed_key IS NOT NULL`
    return this.main.prepare(select).pluck().all() as string[]
  }

  private row(id: number): ExportRow | undefined {
    return this.main.prepare('SELECT * FROM package WHERE id = ?').get(id) as ExportRow | undefined
  }
}
