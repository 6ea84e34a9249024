/** Answers what there is in the disclosure register. */

import type { LegalRequest } from '../../legalRequests.ts'
import { decodeLegalRequest, type LegalRequestRow } from '../policy/rows.ts'
import type { Connection } from '../thread/connection.ts'

export class DisclosureReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  /** Newest first. */
  list(limit: number, before: number | undefined): LegalRequest[] {
    const rows = this.main
      .prepare('SELECT * FROM disclosure WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(before ?? Number.MAX_SAFE_INTEGER, limit)
    return (rows as LegalRequestRow[]).map(decodeLegalRequest)
  }

  get(id: number): LegalRequest | undefined {
    const row = this.main.prepare('SELECT * FROM disclosure WHERE id = ?').get(id)
    return row === undefined ? undefined : decodeLegalRequest(row as LegalRequestRow)
  }

  /** Demands whose gag has ended, of which nobody was told and not said why. */
  noticesDue(at: number): number[] {
    return this.main
      .prepare(
        `SELECT id FROM disclosure WHERE gag_until <= ? AND notice_at IS NULL AND no_notice_reason = ''
         AND state NOT IN ('refused', 'closed') ORDER BY id`,
      )
      .pluck()
      .all(at) as number[]
  }
}
