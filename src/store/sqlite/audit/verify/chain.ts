/** Goes along the chain of the audit log, row after row, and names the first that is not as it was written. */

import type { AuditFinding, ChainRow } from '../../../auditLog.ts'
import type { Connection } from '../../thread/connection.ts'
import { commitmentOf, hashOf } from '../chain.ts'

/** How far around a broken row its true place is looked for. */
const AROUND = 1000

/** Whose log it should be. */
export interface Identity {
  /** id of the data folder */
  folder: string
  /** SPKI PEM; undefined while nothing has been signed */
  publicKey: string | undefined
}

/** A row that speaks of a receipt. */
export interface ChainedReceipt {
  sequence: number
  receipt: number
  /** SHA-256 of the text the receipt's signature is over */
  hash: string
}

function parseFacts(row: ChainRow): Record<string, unknown> {
  try {
    return row.facts === null ? {} : (JSON.parse(row.facts) as Record<string, unknown>)
  } catch {
    // the row's hash tells that it was changed
    return {}
  }
}

/** Findings of one kind: the first in full, the others counted. */
class First {
  private finding: AuditFinding | undefined
  private further = 0

  note(finding: AuditFinding): void {
    if (this.finding) this.further += 1
    else this.finding = finding
  }

  get isEmpty(): boolean {
    return this.finding === undefined
  }

  list(): AuditFinding[] {
    if (!this.finding) return []
    const more = this.further === 0 ? '' : `; ${this.further} more after it`
    return [{ ...this.finding, text: this.finding.text + more }]
  }
}

export class ChainCheck {
  rows = 0
  head = ''
  readonly receipts: ChainedReceipt[] = []
  private readonly identity: Identity
  private readonly selectNear
  private readonly selectNext
  private readonly broken = new First()
  private readonly missing = new First()
  private readonly foreign = new First()
  private expected = 1
  /** hash of the row before; undefined when that row is missing */
  private previous: string | undefined = ''
  /** rows without a personal part */
  private readonly erased = new Set<number>()
  /** row → the later row that says it was erased */
  private readonly erasures = new Map<number, number>()

  constructor(database: Connection, identity: Identity) {
    this.identity = identity
    this.selectNear = database.prepare('SELECT sequence, hash FROM audit WHERE sequence BETWEEN ? AND ?')
    this.selectNext = database.prepare('SELECT * FROM audit WHERE sequence = ?')
  }

  take(row: ChainRow): void {
    this.rows += 1
    this.checkPersonal(row)
    if (row.sequence < this.expected) {
      this.brokenRow(row.sequence, 'no row has such a number')
      return
    }
    this.checkGap(row)
    this.checkHash(row)
    this.read(row)
    this.head = row.hash
    this.expected = row.sequence + 1
    this.previous = row.hash
  }

  /** To be asked when all rows were taken: only then it is known which erasures are told of. */
  findings(): AuditFinding[] {
    for (const sequence of this.erased) {
      if (this.erasures.has(sequence)) continue
      this.brokenRow(sequence, 'its personal part is gone, and no later audit.erase names it')
    }
    return [this.foreign, this.missing, this.broken].flatMap((found) => found.list())
  }

  /** Rows whose personal part was erased and that say so later. */
  erasedRows(): number {
    return [...this.erased].filter((sequence) => this.erasures.has(sequence)).length
  }

  private brokenRow(sequence: number, what: string): void {
    this.broken.note({ kind: 'broken row', sequence, text: `row ${sequence}: ${what}` })
  }

  private checkGap({ sequence }: ChainRow): void {
    if (sequence === this.expected) return
    const gap = sequence - this.expected
    const which = gap === 1 ? `row ${this.expected} is` : `rows ${this.expected} to ${sequence - 1} are`
    this.missing.note({ kind: 'missing row', sequence: this.expected, text: `${which} missing` })
    this.previous = undefined
  }

  private checkHash(row: ChainRow): void {
    if (this.previous === undefined || hashOf(this.previous, row) === row.hash) return
    const moved = this.missing.isEmpty && this.broken.isEmpty ? this.moved(row) : undefined
    if (moved) this.missing.note({ kind: 'missing row', sequence: row.sequence, text: moved })
    else this.brokenRow(row.sequence, 'it was changed: its hash does not fit what it says and the row before')
  }

  private checkPersonal(row: ChainRow): void {
    if (row.personal === null) this.erased.add(row.sequence)
    else if (commitmentOf(row.personal) !== row.commitment)
      this.brokenRow(row.sequence, 'its personal part was changed: it does not fit its commitment')
  }

  /** What a broken row looks like when it is whole but stands elsewhere. */
  private moved(row: ChainRow): string | undefined {
    const { sequence } = row
    const near = this.selectNear.all(sequence - AROUND, sequence + AROUND) as { sequence: number; hash: string }[]
    const hashes = new Map(near.map((one) => [one.sequence, one.hash]))
    for (const place of hashes.keys()) {
      if (place === sequence) continue
      const before = [hashes.get(place - 1), hashes.get(place)]
      const fits = before.some((hash) => hash !== undefined && hashOf(hash, { ...row, sequence: place }) === row.hash)
      if (fits) return `rows are not in their order: in place of row ${sequence} stands row ${place}`
    }
    return this.renumbered(row)
  }

  /** Whether rows before this one were taken out and those after numbered anew: the next row's hash still tells. */
  private renumbered({ sequence, hash }: ChainRow): string | undefined {
    const next = this.selectNext.get(sequence + 1) as ChainRow | undefined
    if (!next) return undefined
    for (let gone = 1; gone <= AROUND; gone++) {
      if (hashOf(hash, { ...next, sequence: next.sequence + gone }) !== next.hash) continue
      const rows = gone === 1 ? 'row is' : 'rows are'
      return `${gone} ${rows} missing before what is now row ${sequence}: the rows after were numbered anew`
    }
    return undefined
  }

  private read(row: ChainRow): void {
    if (row.action === 'audit.erase') {
      const { sequences } = parseFacts(row)
      if (Array.isArray(sequences)) for (const one of sequences) this.noteErasure(Number(one), row.sequence)
    } else if (row.action === 'retention.receipt') {
      const { receipt, hash } = parseFacts(row)
      this.receipts.push({ sequence: row.sequence, receipt: Number(receipt), hash: String(hash) })
    } else if (row.action === 'relay.start') this.checkIdentity(row)
  }

  private noteErasure(erased: number, by: number): void {
    if (erased < by) this.erasures.set(erased, by)
  }

  private checkIdentity(row: ChainRow): void {
    const { folder, publicKey } = parseFacts(row)
    const { sequence } = row
    if (folder !== undefined && folder !== this.identity.folder) {
      const text = `row ${sequence} was written in data folder ${JSON.stringify(folder)}, and this is ${this.identity.folder}`
      this.foreign.note({ kind: 'replaced', sequence, text })
    } else if (publicKey !== undefined && publicKey !== this.identity.publicKey) {
      const text = `row ${sequence} names another signing key than the one that is in force`
      this.foreign.note({ kind: 'replaced', sequence, text })
    }
  }
}
