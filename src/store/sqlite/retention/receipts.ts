/**
 * Receipts of deletions. A receipt is written when the deletion begins (pending, in the transaction that destroys the
 * keys) and signed and chained into the audit log when the files are gone. Used by whatever deletes: the purge of days,
 * the ending of holds, days written anew, samples destroyed by a decision, erasure. All functions are to be called
 * inside the writer's transaction.
 */

import { createHash } from 'node:crypto'
import { type Signer, signedText } from '../audit/signer.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { Connection } from '../thread/connection.ts'

export type ReceiptKind = 'retention' | 'samples' | 'hold' | 'erasure'

/** What a deletion destroys, known before it begins. */
export interface PendingReceipt {
  kind: ReceiptKind
  /** null when the deletion is not of one day */
  day: string | null
  headers: number
  samples: number
  bodies: number
  /** see digestOf */
  digest: string
  /** size on disk, bytes */
  bytesBefore: number
}

export interface ReceiptRow {
  id: number
  kind: ReceiptKind
  day: string | null
  headers: number
  samples: number
  bodies: number
  digest: string
  bytes_before: number
  bytes_after: number | null
  orphans: number
  at: number
  /** null while the deletion is not known to be complete */
  signature: string | null
}

/** SHA-256, hex, over message ids in rising order, eight bytes big-endian each. */
export function digestOf(ids: Iterable<number>): string {
  const hash = createHash('sha256')
  const bytes = Buffer.allocUnsafe(8)
  for (const id of ids) {
    bytes.writeBigUInt64BE(BigInt(id))
    hash.update(bytes)
  }
  return hash.digest('hex')
}

/** The text a receipt's signature is over. */
export function receiptText(row: Omit<ReceiptRow, 'signature'>): string {
  const { id, kind, day, headers, samples, bodies, digest, bytes_before, bytes_after, orphans, at } = row
  return signedText([id, kind, day, headers, samples, bodies, digest, bytes_before, bytes_after, orphans, at])
}

/** SHA-256, hex, of the signed text: what the audit log keeps of a receipt. */
export function receiptHash(row: Omit<ReceiptRow, 'signature'>): string {
  return createHash('sha256').update(receiptText(row)).digest('hex')
}

/** Whether it is of samples alone, of any days: destroyed by a decision, or by an erasure. */
export function isOfSamples({ kind, day, headers, samples }: ReceiptRow): boolean {
  return kind === 'samples' || (kind === 'erasure' && day === null && headers === 0 && samples > 0)
}

export class Receipts {
  private readonly audit: AuditWriter
  private readonly signer: Signer
  private readonly insert
  private readonly select
  private readonly selectPending
  private readonly update

  constructor(database: Connection, audit: AuditWriter, signer: Signer) {
    this.audit = audit
    this.signer = signer
    this.insert = database.prepare(
      `INSERT INTO receipt (kind, day, headers, samples, bodies, digest, bytes_before, at)
       VALUES (@kind, @day, @headers, @samples, @bodies, @digest, @bytesBefore, @at)`,
    )
    this.select = database.prepare('SELECT * FROM receipt WHERE id = ?')
    this.selectPending = database.prepare('SELECT * FROM receipt WHERE signature IS NULL ORDER BY id')
    this.update = database.prepare(
      'UPDATE receipt SET bytes_after = ?, orphans = ?, at = ?, signature = ? WHERE id = ?',
    )
  }

  /** Writes a receipt of a deletion that begins. Returns its id. */
  insertPending(receipt: PendingReceipt, at: number): number {
    return Number(this.insert.run({ ...receipt, at }).lastInsertRowid)
  }

  /** Receipts of deletions that were begun and are not known to be complete: after a crash, the next run ends them. */
  pending(): ReceiptRow[] {
    return this.selectPending.all() as ReceiptRow[]
  }

  /**
   * The deletion is complete: signs the receipt and chains its hash into the audit log. One that is signed already
   * stays as it is.
   * @param bytesAfter size on disk of what is left of its files, bytes
   * @param orphans files without a catalogue entry that were swept in the same run
   */
  finish(id: number, bytesAfter: number, orphans: number, at: number): ReceiptRow {
    const begun = this.select.get(id) as ReceiptRow
    if (begun.signature !== null) return begun
    const row = { ...begun, bytes_after: bytesAfter, orphans, at }
    const signature = this.signer.sign(receiptText(row))
    this.update.run(bytesAfter, orphans, at, signature, id)
    const { kind, day, headers, samples, bodies, digest } = row
    const facts = { receipt: id, kind, day, headers, samples, bodies, digest, hash: receiptHash(row) }
    this.audit.appendSystem(at, 'retention.receipt', day === null ? 'receipt' : `day ${day}`, facts)
    return { ...row, signature }
  }
}
