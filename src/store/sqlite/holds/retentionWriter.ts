/** The transactions of what stays beyond its day and of what goes before it. */

import { randomBytes } from 'node:crypto'
import type { AuditWriter } from '../audit/writer.ts'
import { HELD_DAY } from '../days/dayFile.ts'
import type { Rewritten } from '../days/rewriting.ts'
import type { ReceiptKind, Receipts } from '../retention/receipts.ts'
import type { Connection } from '../thread/connection.ts'
import type { HeldCopy } from './heldFile.ts'
import { isHeldSince } from './matcher.ts'

export interface Swap {
  rewritten: Rewritten
  kind: ReceiptKind
  at: number
  /** ids of the holds in force when it was chosen what does not come along */
  known: number[]
}

export class HoldRetentionWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly receipts: Receipts

  constructor(database: Connection, audit: AuditWriter, receipts: Receipts) {
    this.database = database
    this.audit = audit
    this.receipts = receipts
  }

  /** Makes the keys of the files of the holds, where there are none. */
  prepareHeld(): void {
    this.database
      .prepare(
        `INSERT OR IGNORE INTO day (day, key, records, min_id, max_id, oldest_at, youngest_at, youngest_keep, persons)
         VALUES (?, ?, 0, 0, 0, 0, 0, 0, 1)`,
      )
      .run(HELD_DAY, randomBytes(32))
    this.database.prepare('INSERT OR IGNORE INTO sample_key (day, file) VALUES (?, ?)').run(HELD_DAY, randomBytes(32))
  }

  /** Takes into the catalogue what was copied into the hold. */
  copied({ held, samples }: HeldCopy): void {
    this.setFigures(HELD_DAY, held)
    const statement = this.database.prepare('UPDATE sample SET held = 1, content = NULL WHERE message = ?')
    for (const message of samples) statement.run(message)
  }

  private setFigures(day: string, figures: Rewritten['figures']): void {
    this.database
      .prepare(
        `UPDATE day SET records = @records, min_id = @minId, max_id = @maxId, oldest_at = @oldestAt,
           youngest_at = @youngestAt, youngest_keep = @youngestKeep WHERE day = @day`,
      )
      .run({ ...figures, day })
  }

  /**
   * The catalogue speaks for the files written anew: the keys of the old ones are destroyed, and a receipt of what did
   * not come along is begun. Returns its id; undefined, and nothing changes, when another hold came into force since it
   * was chosen.
   */
  swap({ rewritten, kind, at, known }: Swap): number | undefined {
    if (isHeldSince(this.database, known)) return undefined
    const { day, file, figures, samples, samplesGone, headersGone, edited, digest, bytesBefore } = rewritten
    this.database
      .prepare('UPDATE day SET key = ?, generation = ?, digest = NULL, digest_records = 0, persons = 1 WHERE day = ?')
      .run(file.key, file.generation, day)
    this.setFigures(day, figures)
    if (samples)
      this.database
        .prepare('UPDATE sample_key SET file = ?, generation = ? WHERE day = ?')
        .run(samples.file, samples.generation, day)
    this.forgetSamples(samplesGone)
    // what a hold kept can be of many days
    const ofDay = day === HELD_DAY ? null : day
    const gone = { kind, day: ofDay, headers: headersGone, samples: samplesGone.length, bodies: 0, digest }
    const receipt = this.receipts.insertPending({ ...gone, bytesBefore }, at)
    const redacted = edited > 0 ? { redacted: edited } : {}
    const facts = { receipt, day, headers: headersGone, samples: samplesGone.length, digest, ...redacted }
    this.audit.appendSystem(at, 'retention.rewrite', `day ${day}`, facts)
    return receipt
  }

  private forgetSamples(messages: number[]): void {
    const addresses = this.database.prepare('DELETE FROM sample_address WHERE message = ?')
    const sample = this.database.prepare('DELETE FROM sample WHERE message = ? RETURNING day').pluck()
    const days = new Set<string>()
    for (const message of messages) {
      addresses.run(message)
      const day = sample.get(message) as string | undefined
      if (day !== undefined) days.add(day)
    }
    // keys that were left for samples in the hold go with the last of them
    const keys = this.database.prepare(
      `DELETE FROM sample_key WHERE day = @day AND NOT EXISTS (SELECT 1 FROM sample WHERE sample.day = @day)
       AND NOT EXISTS (SELECT 1 FROM day WHERE day.day = @day)`,
    )
    for (const day of days) keys.run({ day })
  }
}
