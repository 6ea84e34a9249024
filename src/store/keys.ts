/** Keys and backups, in the words of the model. The private part of the seal key is never in the store. */

import type { AuditEntry } from './auditLog.ts'
import type { BackupContents, BackupRecord } from './backup.ts'

/** The public part of a seal key. */
export interface SealKeyPublic {
  /** 16 hex digits, see {@link sealKeyId} */
  id: string
  /** X25519, raw, 32 bytes */
  publicKey: Uint8Array
}

export interface SealKeyRecord extends SealKeyPublic {
  createdAt: number
  /** days whose sample keys it wraps */
  days: number
}

/** The private key of a day, as the seal key wraps it. */
export interface WrappedDay {
  day: string
  wrapped: Uint8Array
}

export interface SealKeyChange {
  key: SealKeyPublic
  /** id of the seal key that is replaced */
  from: string
  /** every wrapped day with what it was and what it becomes */
  days: (WrappedDay & { before: Uint8Array })[]
  entry: AuditEntry
}

export interface KeyStore {
  /** The seal key in force; undefined while there is none. */
  sealKey(): Promise<SealKeyRecord | undefined>
  /** Sets the seal key of a folder that has none yet. False when it has one: nothing is changed then. */
  setFirstSealKey(key: SealKeyPublic): Promise<boolean>
  wrappedDays(): Promise<WrappedDay[]>
  /**
   * Replaces the seal key, with every wrapped day and the audit entry, in one transaction.
   * False when a day came or went meanwhile, or the key was replaced by somebody else: nothing is changed then.
   */
  rotateSealKey(change: SealKeyChange): Promise<boolean>
  /**
   * Writes a backup into an empty folder while everything goes on: every file under `key` (32 bytes), or under keys
   * that lie in one under it. Rejects with the error of the system or of SQLite when it cannot be written.
   */
  backup(target: { folder: string; key: Uint8Array }): Promise<BackupContents>
  /** Keeps that a backup was made, with its audit entry, in one transaction. */
  addBackup(record: BackupRecord, entry: AuditEntry): Promise<void>
  /** Backups that were made, newest first. */
  backups(): Promise<BackupRecord[]>
}
