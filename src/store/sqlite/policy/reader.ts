/** Answers what there is of the policy in its versions, and of the letters about it. */

import type { PolicyLetter, PolicyVersion } from '../../policy.ts'
import type { Connection } from '../thread/connection.ts'
import { decodeNotice, decodePolicy, type NoticeRow, type PolicyRow } from './rows.ts'

export class PolicyReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  /** Newest first. */
  versions(): PolicyVersion[] {
    const rows = this.main.prepare('SELECT * FROM policy_version ORDER BY version DESC').all() as PolicyRow[]
    return rows.map(decodePolicy)
  }

  letters(version?: number): PolicyLetter[] {
    const rows = this.main
      .prepare(
        'SELECT * FROM policy_notice WHERE @version IS NULL OR version = @version ORDER BY version, account, about',
      )
      .all({ version: version ?? null })
    return (rows as NoticeRow[]).map(decodeNotice)
  }
}
