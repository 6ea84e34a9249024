/** Checks the receipts of deletions: each signed, and each told of in the audit log. */

import type { AuditFinding } from '../../../auditLog.ts'
import { type ReceiptRow, receiptHash, receiptText } from '../../retention/receipts.ts'
import type { Connection } from '../../thread/connection.ts'
import { isSigned } from '../signer.ts'
import type { ChainedReceipt } from './chain.ts'

export class ReceiptCheck {
  checked = 0
  private readonly publicKey: string | undefined
  private readonly selectAfter
  private readonly selectOne
  private readonly hashes = new Map<number, string>()
  private readonly wrong: AuditFinding[] = []
  private last = 0

  constructor(database: Connection, publicKey: string | undefined) {
    this.publicKey = publicKey
    this.selectAfter = database.prepare(
      'SELECT * FROM receipt WHERE id > ? AND signature IS NOT NULL ORDER BY id LIMIT ?',
    )
    this.selectOne = database.prepare('SELECT * FROM receipt WHERE id = ? AND signature IS NOT NULL')
  }

  /** Takes the next receipts. Returns whether there are more. */
  step(limit: number): boolean {
    const rows = this.selectAfter.all(this.last, limit) as ReceiptRow[]
    for (const row of rows) this.take(row)
    this.last = rows.at(-1)?.id ?? this.last
    return rows.length === limit
  }

  /** @param chained what the audit log says of receipts; it was read later, so that it knows all that were taken */
  findings(chained: ChainedReceipt[]): AuditFinding[] {
    const found = [...this.wrong]
    const told = new Set<number>()
    for (const one of chained) {
      told.add(one.receipt)
      const finding = this.compare(one)
      if (finding) found.push(finding)
    }
    for (const id of this.hashes.keys()) {
      if (told.has(id)) continue
      const text = `receipt ${id} is not in the audit log: its retention.receipt row is missing`
      found.push({ kind: 'missing row', sequence: undefined, text })
    }
    return found
  }

  private take(row: ReceiptRow): void {
    this.checked += 1
    this.hashes.set(row.id, receiptHash(row))
    if (isSigned(receiptText(row), row.signature ?? '', this.publicKey ?? '')) return
    const text = `receipt ${row.id} was changed: its signature does not fit`
    this.wrong.push({ kind: 'bad receipt', sequence: undefined, text })
  }

  private compare({ sequence, receipt, hash }: ChainedReceipt): AuditFinding | undefined {
    const known = this.hashes.get(receipt) ?? this.later(receipt)
    if (known === hash) return undefined
    if (known === undefined) {
      const text = `row ${sequence} speaks of receipt ${receipt}, which is missing`
      return { kind: 'missing receipt', sequence, text }
    }
    return { kind: 'bad receipt', sequence, text: `receipt ${receipt} is not the one that row ${sequence} speaks of` }
  }

  /** A receipt that was written after receipts had been looked at. */
  private later(id: number): string | undefined {
    const row = this.selectOne.get(id) as ReceiptRow | undefined
    return row && receiptHash(row)
  }
}
