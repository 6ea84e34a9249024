/** Rows of the review desk as the store's words. */

import { stateAt } from '../../../model/case.ts'
import type { Action, Case, Opening } from '../../cases.ts'

/** Suspicion of a case: the weights of its signals together, at most 100. */
export const SUSPICION = 'min(100, coalesce((SELECT sum(weight) FROM signal WHERE case_id = review_case.id), 0))'

export interface CaseRow {
  id: number
  account: number
  status: Case['status']
  reason: string
  note: string
  owner: string | null
  opened_by: string
  opened_at: number
  decided_at: number | null
  closed_at: number | null
  verdict: Case['verdict'] | null
  signals: number
  suspicion: number
  waiting: number
}

export function decodeCase(row: CaseRow): Case {
  const { owner, opened_by, opened_at, decided_at, closed_at, verdict, ...rest } = row
  return {
    ...rest,
    owner: owner ?? undefined,
    openedBy: opened_by,
    openedAt: opened_at,
    decidedAt: decided_at ?? undefined,
    closedAt: closed_at ?? undefined,
    verdict: verdict ?? undefined,
  }
}

export interface OpeningRow {
  id: number
  case_id: number
  sample: number
  state: Opening['state']
  reason: string
  override: string | null
  requester: number
  requested_by: string
  requested_at: number
  needs_second: number
  approver: number | null
  approved_by: string | null
  approved_at: number | null
  opens_at: number | null
  expires_at: number
  opened_at: number | null
}

/** @param now milliseconds; what was not used in time by then has expired */
export function decodeOpening(row: OpeningRow, now: number): Opening {
  const opening: Opening = {
    id: row.id,
    case: row.case_id,
    sample: row.sample,
    state: row.state,
    reason: row.reason,
    override: row.override ?? undefined,
    requester: row.requester,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    needsSecond: row.needs_second === 1,
    approvedBy: row.approved_by ?? undefined,
    approvedAt: row.approved_at ?? undefined,
    opensAt: row.opens_at ?? undefined,
    expiresAt: row.expires_at,
    openedAt: row.opened_at ?? undefined,
  }
  return { ...opening, state: stateAt(opening, now) }
}

export interface ActionRow {
  id: number
  case_id: number
  kind: Action['kind']
  per_hour: number | null
  reason: string
  by: string
  at: number
  letter: string | null
  /** what the account was before, JSON; null in rows of before */
  before: string | null
  undone_by: string | null
  undone_at: number | null
}

export function decodeAction(row: ActionRow): Action {
  return {
    id: row.id,
    case: row.case_id,
    kind: row.kind,
    perHour: row.per_hour ?? undefined,
    reason: row.reason,
    by: row.by,
    at: row.at,
    letter: row.letter === null ? undefined : (JSON.parse(row.letter) as NonNullable<Action['letter']>),
    undoneBy: row.undone_by ?? undefined,
    undoneAt: row.undone_at ?? undefined,
  }
}
