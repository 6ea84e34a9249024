/** The list of backups that were made. */

import type { BackupRecord } from '../../backup.ts'
import type { AuditEntry } from '../../store.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { Connection } from '../thread/connection.ts'

export class BackupList {
  private readonly database: Connection
  private readonly audit: AuditWriter

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
  }

  /** Keeps that a backup was made, with its audit entry. */
  add(record: BackupRecord, entry: AuditEntry): void {
    this.database
      .prepare('INSERT INTO backup VALUES (@id, @folder, @createdAt, @destroyBy, @days, @headers, @live, @bytes)')
      .run(record)
    this.audit.append(entry)
  }
}
