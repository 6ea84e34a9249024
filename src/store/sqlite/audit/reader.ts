/** Answers questions about the audit log: pages for people, rows as they lie in the chain, checkpoints. */

import type { AuditFilter, AuditRow, ChainRow, SignedCheckpoint } from '../../auditLog.ts'
import type { Connection } from '../thread/connection.ts'

/** Rows one call looks through, so that a search for mail does not wait long behind it. */
const SCAN = 5000

export interface AuditPageCall {
  filter: AuditFilter
  limit: number
  /** rows before this sequence */
  before: number
}

export interface AuditPiece {
  rows: AuditRow[]
  /** go on before this sequence; undefined at the beginning of the log */
  before: number | undefined
}

interface Personal {
  actor: string
  object: string
  reason: string
  details: Record<string, unknown>
}

interface CheckpointRow {
  sequence: number
  head: string
  at: number
  folder: string
  public_key: string
  signature: string
}

function fitsChain(row: ChainRow, { since, until, action }: AuditFilter): boolean {
  if (since !== undefined && row.at < since) return false
  if (until !== undefined && row.at >= until) return false
  return action === undefined || row.action === action || row.action.startsWith(`${action}.`)
}

/** Whether a row can fit at all: a look at its text, which costs a tenth of reading it. */
function mayFit({ personal }: ChainRow, { actor, text }: AuditFilter): boolean {
  if (actor === undefined && text === undefined) return true
  if (personal === null) return false
  const said = personal.toLowerCase()
  if (actor !== undefined && !said.includes(JSON.stringify(actor).toLowerCase())) return false
  if (text === undefined) return true
  const plain = text.toLowerCase()
  return said.includes(plain) || said.includes(JSON.stringify(plain).slice(1, -1))
}

function fitsPersonal(row: AuditRow, { actor, text }: AuditFilter): boolean {
  if (actor !== undefined && row.actor?.toLowerCase() !== actor.toLowerCase()) return false
  if (text === undefined) return true
  const said = [row.object ?? '', row.reason ?? '', row.details ? JSON.stringify(row.details) : '']
  return said.some((one) => one.toLowerCase().includes(text.toLowerCase()))
}

function decode(row: ChainRow): AuditRow {
  const personal = row.personal === null ? undefined : (JSON.parse(row.personal) as Personal)
  return {
    sequence: row.sequence,
    at: row.at,
    action: row.action,
    facts: row.facts === null ? {} : (JSON.parse(row.facts) as Record<string, unknown>),
    actor: personal?.actor,
    object: personal?.object,
    reason: personal?.reason,
    details: personal?.details,
    commitment: row.commitment,
    hash: row.hash,
  }
}

export class AuditReader {
  private readonly selectBefore
  private readonly selectAfter
  private readonly selectLast
  private readonly selectCheckpoints

  constructor(main: Connection) {
    this.selectBefore = main.prepare('SELECT * FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?')
    this.selectAfter = main.prepare(
      `SELECT sequence, at, action, facts, personal, commitment, hash FROM audit
       WHERE sequence > ? ORDER BY sequence LIMIT ?`,
    )
    this.selectLast = main.prepare('SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1')
    this.selectCheckpoints = main.prepare('SELECT * FROM checkpoint ORDER BY sequence DESC LIMIT ?')
  }

  head(): { entries: number; head: string } {
    const row = this.selectLast.get() as { sequence: number; hash: string } | undefined
    return { entries: row?.sequence ?? 0, head: row?.hash ?? '' }
  }

  /** The next piece of a page, newest first: it ends when enough was found or enough was looked at. */
  piece({ filter, limit, before }: AuditPageCall): AuditPiece {
    const rows: AuditRow[] = []
    let seen = 0
    let last = before
    for (const each of this.selectBefore.iterate(before, SCAN)) {
      const row = each as ChainRow
      seen += 1
      last = row.sequence
      if (!fitsChain(row, filter) || !mayFit(row, filter)) continue
      const decoded = decode(row)
      if (fitsPersonal(decoded, filter)) rows.push(decoded)
      if (rows.length === limit) return { rows, before: last }
    }
    return { rows, before: seen === SCAN ? last : undefined }
  }

  rows(after: number, limit: number): ChainRow[] {
    return this.selectAfter.all(after, limit) as ChainRow[]
  }

  /** Newest first. */
  checkpoints(limit: number): SignedCheckpoint[] {
    const rows = this.selectCheckpoints.all(limit) as CheckpointRow[]
    return rows.map(({ public_key, ...checkpoint }) => ({ ...checkpoint, publicKey: public_key }))
  }
}
