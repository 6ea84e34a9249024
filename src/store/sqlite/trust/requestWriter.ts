/** Writes of what account holders ask for: that no samples of their mail be stored. */

import type { AuditEntry } from '../../auditLog.ts'
import type { TrustRequest } from '../../trustRequests.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { Connection } from '../thread/connection.ts'

export class TrustRequestWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
  }

  /** False when one of the account waits already. */
  ask({ account, requestedBy, reason, requestedAt }: TrustRequest, entry: AuditEntry): boolean {
    const { changes } = this.database
      .prepare(
        `INSERT INTO trust_request (account, requested_by, reason, requested_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (account) DO NOTHING`,
      )
      .run(account, requestedBy, reason, requestedAt)
    return this.audit.after(changes > 0, entry)
  }
}
