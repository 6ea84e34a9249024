/**
 * An audit log in a main database, written by the very parts that write it, and ways to tamper with it as somebody who
 * holds the log key and the signing key.
 */

import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { AuditMaintenance } from '../../src/store/sqlite/audit/maintenance.ts'
import { Signer } from '../../src/store/sqlite/audit/signer.ts'
import { Verification } from '../../src/store/sqlite/audit/verify/verification.ts'
import { AuditWriter } from '../../src/store/sqlite/audit/writer.ts'
import { type PendingReceipt, Receipts } from '../../src/store/sqlite/retention/receipts.ts'
import { type Connection, migrate, openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { mainMigrations } from '../../src/store/sqlite/thread/schema.ts'
import type { AuditEntry, SignedCheckpoint, VerificationResult } from '../../src/store/store.ts'
import { logKey, temporaryFolder } from '../support/storeFixture.ts'

/** id of the data folder */
export const folderId = '00112233445566aa'

const START = Date.parse('2026-11-23T09:00:00Z')

export function entry(number: number, at: number): AuditEntry {
  return {
    at,
    actor: 'ann@relay.example',
    action: 'accounts.setDomains',
    object: `account a${number}`,
    reason: 'asked for',
    details: { domains: [`d${number}.example`] },
    facts: { number },
  }
}

export class Log {
  database: Connection
  readonly path: string
  private time = START
  private readonly remove: () => void
  private parts: { audit: AuditWriter; care: AuditMaintenance; receipts: Receipts }

  /** @param rows the first one says whose the log is */
  constructor(rows: number, folder = folderId) {
    const { path, remove } = temporaryFolder()
    this.path = join(path, 'mailward.db')
    this.remove = remove
    this.database = this.open()
    migrate(this.database, mainMigrations)
    this.parts = this.build()
    const facts = { version: '0', folder, publicKey: this.parts.care.publicKey() }
    this.append({ ...entry(0, this.time), actor: 'system', action: 'relay.start', facts })
    this.grow(rows - 1)
  }

  private open(): Connection {
    return openConnection({ path: this.path, key: logKey, cacheKiB: 1024 })
  }

  private build(): Log['parts'] {
    const audit = new AuditWriter(this.database)
    const signer = new Signer(this.database)
    return {
      audit,
      care: new AuditMaintenance(this.database, audit, signer),
      receipts: new Receipts(this.database, audit, signer),
    }
  }

  append(one: AuditEntry): void {
    this.parts.audit.append(one)
  }

  /** Appends rows, a second apart. */
  grow(rows: number): void {
    this.database.transaction(() => {
      for (let number = 0; number < rows; number++) {
        this.time += 1000
        this.append(entry(number, this.time))
      }
    })()
  }

  /** Signs the state of the log; what is given back is what lies outside the data folder. */
  checkpoint(folder = folderId): SignedCheckpoint {
    return this.parts.care.checkpoint(folder, this.time)
  }

  erase(sequences: number[]): number {
    return this.parts.care.erase({ sequences, at: this.time, actor: 'ann@relay.example', reason: 'asked for' })
  }

  receipt(receipt: PendingReceipt): number {
    const id = this.parts.receipts.insertPending(receipt, this.time)
    this.parts.receipts.finish(id, 0, 0, this.time)
    return id
  }

  /** Changes the database behind the writer's back. */
  tamper(change: (database: Connection) => void): void {
    change(this.database)
  }

  /** The database as it is now, to be put back later. */
  copy(): () => void {
    this.database.pragma('wal_checkpoint(TRUNCATE)')
    const kept = `${this.path}.kept`
    copyFileSync(this.path, kept)
    return () => {
      this.database.close()
      copyFileSync(kept, this.path)
      this.database = this.open()
      this.parts = this.build()
    }
  }

  verify(outside: SignedCheckpoint[] = [], folder = folderId): VerificationResult {
    const verification = new Verification(this.database, folder, outside)
    for (;;) {
      const verdict = verification.step()
      if (verdict) return verdict
    }
  }

  /** What verification finds, as kind and row. */
  found(outside: SignedCheckpoint[] = [], folder = folderId): [string, number | undefined][] {
    return this.verify(outside, folder).findings.map(({ kind, sequence }) => [kind, sequence])
  }

  close(): void {
    this.database.close()
    this.remove()
  }
}
