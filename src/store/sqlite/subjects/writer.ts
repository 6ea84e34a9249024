/** The transactions of erasures, and of the addresses an account does not write to. */

import type { ErasureOrder, Suppression } from '../../subjects.ts'
import type { AuditMaintenance } from '../audit/maintenance.ts'
import type { AuditWriter } from '../audit/writer.ts'
import { HeldSamples } from '../holds/heldSamples.ts'
import { digestOf, type Receipts } from '../retention/receipts.ts'
import type { Connection } from '../thread/connection.ts'
import { Matcher, type Meant } from './match.ts'
import { sampleCandidates } from './samples.ts'
import { type Surroundings, TableRows } from './tableRows.ts'

/** Rows found in one table, to be looked at again and changed. */
export interface RowErasure {
  meant: Meant
  around: Surroundings
  table: string
  rows: number[]
  order: Pick<ErasureOrder, 'request' | 'actor' | 'at'>
}

/** What an erasure came to, for the audit log. */
export interface ErasureNotice {
  order: Pick<ErasureOrder, 'request' | 'actor' | 'at' | 'reason'>
  account: number | null
  headers: number
  redacted: number
  samples: number
  rows: number
  receipts: number[]
}

export class SubjectWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly care: AuditMaintenance
  private readonly receipts: Receipts
  private readonly tables: TableRows
  private readonly heldSamples: HeldSamples

  constructor(database: Connection, audit: AuditWriter, care: AuditMaintenance, receipts: Receipts) {
    this.database = database
    this.audit = audit
    this.care = care
    this.receipts = receipts
    this.tables = new TableRows(database)
    this.heldSamples = new HeldSamples(database)
  }

  /**
   * Takes samples of the persons out of the list, but for those under a hold, and begins their receipt. What is sealed in
   * a day's file without a row here is found and destroyed by the sweep, after a crash as well.
   */
  eraseSamples(meant: Meant, at: number): { samples: number; receipt: number | undefined } {
    const all = sampleCandidates(this.database, meant)
    const held = this.heldSamples.of(all)
    const gone = all.flatMap(({ message }) => (held.has(message) ? [] : [message]))
    if (gone.length === 0) return { samples: 0, receipt: undefined }
    const size = this.database.prepare('SELECT size FROM sample WHERE message = ?').pluck()
    const bytesBefore = gone.reduce((sum, message) => sum + (size.get(message) as number), 0)
    const addresses = this.database.prepare('DELETE FROM sample_address WHERE message = ?')
    const sample = this.database.prepare('DELETE FROM sample WHERE message = ?')
    for (const message of gone) {
      addresses.run(message)
      sample.run(message)
    }
    const figures = { headers: 0, samples: gone.length, bodies: 0, digest: digestOf(gone), bytesBefore }
    return {
      samples: gone.length,
      receipt: this.receipts.insertPending({ kind: 'erasure', day: null, ...figures }, at),
    }
  }

  /** Takes the persons out of rows of one table. Returns how many changed. */
  eraseRows({ meant, around, table, rows, order }: RowErasure): number {
    const matcher = new Matcher(meant)
    if (table !== 'audit') return this.tables.erase(table, rows, matcher, around)
    const reason = order.request === 0 ? 'erased by order before' : `request ${order.request}`
    const sequences = this.tables.going('audit', rows, matcher, around)
    return this.care.erase({ sequences, at: order.at, actor: order.actor, reason })
  }

  /** Says in the audit log what an erasure came to. */
  told({ order, ...facts }: ErasureNotice): void {
    const { request, actor, at, reason } = order
    const object = request === 0 ? 'restored data' : `request ${request}`
    const entry = { at, actor, action: 'persons.erase', object, reason, details: {} }
    this.audit.append({ ...entry, facts: { request, ...facts } })
  }

  suppress({ account, hash, at, request }: Suppression, actor: string): boolean {
    const { changes } = this.database
      .prepare('INSERT OR IGNORE INTO suppression (account, hash, at, request) VALUES (?, ?, ?, ?)')
      .run(account, hash, at, request ?? null)
    if (changes > 0) this.record('persons.suppress', account, request, actor, at)
    return changes > 0
  }

  unsuppress(account: number, hash: string, actor: string, at: number): boolean {
    const { changes } = this.database
      .prepare('DELETE FROM suppression WHERE account = ? AND hash = ?')
      .run(account, hash)
    if (changes > 0) this.record('persons.unsuppress', account, undefined, actor, at)
    return changes > 0
  }

  /** The hash of whom stays out of the log: it is kept where it is needed, and nowhere else. */
  private record(action: string, account: number, request: number | undefined, actor: string, at: number): void {
    const object = request === undefined ? 'suppression list' : `request ${request}`
    const facts = { account, request: request ?? null }
    this.audit.append({ at, actor, action, object, reason: '', details: {}, facts })
  }
}
