/** What part of the Audit screen an address (hash route) shows. */

const asks = ['verify', 'draws'] as const
/** A check that is begun on arrival. */
export type Ask = (typeof asks)[number]

export interface AuditSearch {
  /** written filter */
  q?: string
  ask?: Ask
}

/** Reads the search part of an address; what cannot be understood is left out. */
export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const search: AuditSearch = {}
  const ask = asks.find((each) => each === raw.ask)
  if (typeof raw.q === 'string' && raw.q !== '') search.q = raw.q
  if (ask) search.ask = ask
  return search
}

/** In place of a row's number: the checks, the export, the checkpoints. */
export const PROOF = 'proof'
