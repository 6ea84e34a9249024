/** How rows of the audit log hang together: commitments and hashes, the same for who writes and who verifies. */

import { createHash } from 'node:crypto'

/** What a row's hash covers. */
export interface ChainedRow {
  sequence: number
  at: number
  action: string
  /** JSON text; null in rows that have none */
  facts: string | null
  commitment: string
}

/** SHA-256 over the personal part with its salt, hex: it can be erased later, and the chain still verifies. */
export function commitmentOf(personal: string): string {
  return createHash('sha256').update(personal).digest('hex')
}

/** The hash of a row, hex. It covers the row before, so that no row can be changed, moved or left out unseen. */
export function hashOf(previous: string, { sequence, at, action, facts, commitment }: ChainedRow): string {
  const parts =
    facts === null ? [previous, sequence, at, action, commitment] : [previous, sequence, at, action, facts, commitment]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
