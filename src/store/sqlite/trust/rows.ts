/** Rows of trust and complaints, and what the setting of the thresholds is called. */

import type { Criteria } from '../../../model/trust.ts'
import type { Complaint, TrustDecision } from '../../trust.ts'

/** Key of the setting that holds the thresholds. */
export const THRESHOLDS = 'trust.thresholds'

export interface TrustRow {
  id: number
  account: number
  decision: TrustDecision['decision']
  requested_by: string
  reason: string
  criteria: string
  decided_by: string
  decided_at: number
  review_at: number | null
  samples: TrustDecision['samples']
  receipt: number | null
  destroyed: number
  held: number
  told: number
}

export interface ComplaintRow extends Omit<Complaint, 'message'> {
  message: number | null
}

export function decodeDecision(row: TrustRow): TrustDecision {
  const { id, account, decision, reason, samples, destroyed, held } = row
  return {
    id,
    account,
    decision,
    requestedBy: row.requested_by,
    reason,
    // decisions from before cases were counted have none
    criteria: { cases: null, ...(JSON.parse(row.criteria) as Omit<Criteria, 'cases'>) },
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    reviewAt: row.review_at ?? undefined,
    samples,
    receipt: row.receipt ?? undefined,
    destroyed,
    held,
  }
}

export function decodeComplaint(row: ComplaintRow): Complaint {
  return { ...row, message: row.message ?? undefined }
}
