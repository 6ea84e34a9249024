/** Reads packages. */

import type { PackageFile, PackageRecord } from '../../packages.ts'
import type { Connection } from '../connection.ts'
import { decodePackage, type PackageRow } from '../packageRows.ts'

export class PackageReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  list(request: number): PackageRecord[] {
    const rows = this.main.prepare('SELECT * FROM package WHERE request = ? ORDER BY id').all(request) as PackageRow[]
    return rows.map(decodePackage)
  }

  get(id: number): PackageRecord | undefined {
    const row = this.row(id)
    return row && decodePackage(row)
  }

  content([id, at]: [number, number]): PackageFile | undefined {
    const row = this.row(id)
    if (!row?.key || row.expires_at <= at) return undefined
    return { file: row.file, key: row.key }
  }

  files(): string[] {
    const select = `SELECT file FROM package WHERE key IS NOT NULL
      UNION ALL SELECT handed_file FROM package WHERE handed_key IS NOT NULL`
    return this.main.prepare(select).pluck().all() as string[]
  }

  private row(id: number): PackageRow | undefined {
    return this.main.prepare('SELECT * FROM package WHERE id = ?').get(id) as PackageRow | undefined
  }
}
