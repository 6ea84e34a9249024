/** Checkpoints of the audit log, and the erasure of what is personal in it. */

import type { SignedCheckpoint } from '../../auditLog.ts'
import type { Connection } from '../thread/connection.ts'
import { type Signer, signedText } from './signer.ts'
import type { AuditWriter } from './writer.ts'

export interface Erasure {
  sequences: number[]
  at: number
  actor: string
  reason: string
}

/** The text a checkpoint's signature is over. */
export function checkpointText({ folder, sequence, head, at }: SignedCheckpoint): string {
  return signedText([folder, sequence, head, at])
}

export class AuditMaintenance {
  private readonly audit: AuditWriter
  private readonly signer: Signer
  private readonly selectLast
  private readonly selectCheckpoint
  private readonly insertCheckpoint
  private readonly erasePersonal

  constructor(database: Connection, audit: AuditWriter, signer: Signer) {
    this.audit = audit
    this.signer = signer
    this.selectLast = database.prepare('SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1')
    this.selectCheckpoint = database.prepare('SELECT at, signature FROM checkpoint WHERE sequence = ? AND head = ?')
    // one that speaks of another row of this number is evidence and stays
    this.insertCheckpoint = database.prepare(
      `INSERT OR IGNORE INTO checkpoint (sequence, head, at, folder, public_key, signature)
       VALUES (@sequence, @head, @at, @folder, @publicKey, @signature)`,
    )
    this.erasePersonal = database.prepare(
      'UPDATE audit SET personal = NULL WHERE sequence = ? AND personal IS NOT NULL',
    )
  }

  publicKey(): string {
    return this.signer.publicKey()
  }

  /** Signs the state of the log and keeps the checkpoint; a state that has one already gets no second. */
  checkpoint(folder: string, now: number): SignedCheckpoint {
    const last = this.selectLast.get() as { sequence: number; hash: string } | undefined
    const sequence = last?.sequence ?? 0
    const head = last?.hash ?? ''
    const state = { folder, sequence, head, publicKey: this.signer.publicKey() }
    const kept = this.selectCheckpoint.get(sequence, head) as { at: number; signature: string } | undefined
    if (kept) return { ...state, ...kept }
    const unsigned = { ...state, at: now, signature: '' }
    const checkpoint = { ...unsigned, signature: this.signer.sign(checkpointText(unsigned)) }
    this.insertCheckpoint.run(checkpoint)
    return checkpoint
  }

  /** Erases the personal part of rows, and appends which; nothing is appended when no row had one. Returns how many. */
  erase({ sequences, at, actor, reason }: Erasure): number {
    const erased = [...new Set(sequences)]
      .sort((a, b) => a - b)
      .filter((sequence) => this.erasePersonal.run(sequence).changes > 0)
    if (erased.length === 0) return 0
    const facts = { sequences: erased }
    this.audit.append({ at, actor, action: 'audit.erase', object: 'audit log', reason, details: {}, facts })
    return erased.length
  }
}
