/** Rows of signals. */

import type { MessageId } from '../../../model/id.ts'
import type { SignalKind } from '../../../model/signal.ts'
import type { Signal } from '../../signals.ts'

/** Messages a signal names at most. */
export const MOST_MESSAGES = 100

export interface SignalRow {
  id: number
  account: number | null
  kind: SignalKind
  at: number
  weight: number
  summary: string
  messages: string
  source: string
  times: number
  case_id: number | null
  dismissed_at: number | null
}

/** A signal's row as signal. */
export function decodeSignal(row: SignalRow): Signal {
  const { id, kind, at, weight, summary, source, times } = row
  return {
    id,
    account: row.account ?? undefined,
    kind,
    at,
    weight,
    summary,
    messages: JSON.parse(row.messages) as MessageId[],
    source,
    times,
    case: row.case_id ?? undefined,
    dismissed: row.dismissed_at !== null,
  }
}
