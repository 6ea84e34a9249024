/** Answers what there is of consents to mailings. */

import type { Consent, ConsentQuery } from '../../consents.ts'
import { type ConsentRow, decodeConsent } from '../policy/rows.ts'
import type { Connection } from '../thread/connection.ts'

export class ConsentReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  /** Newest first. */
  list({ account, purpose, standing }: ConsentQuery): Consent[] {
    const rows = this.main
      .prepare(
        `SELECT * FROM consent WHERE (@account IS NULL OR account = @account) AND (@purpose IS NULL OR purpose = @purpose)
         AND (@standing = 0 OR withdrawn_at IS NULL) ORDER BY id DESC`,
      )
      .all({ account: account ?? null, purpose: purpose ?? null, standing: standing ? 1 : 0 })
    return (rows as ConsentRow[]).map(decodeConsent)
  }

  get(id: number): Consent | undefined {
    const row = this.main.prepare('SELECT * FROM consent WHERE id = ?').get(id)
    return row === undefined ? undefined : decodeConsent(row as ConsentRow)
  }

  purposes(): string[] {
    return this.main.prepare('SELECT DISTINCT purpose FROM consent ORDER BY purpose').pluck().all() as string[]
  }
}
