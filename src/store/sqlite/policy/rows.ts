/** Rows of policy, consents and disclosures as the store's words. */

import type { HoldScope } from '../../../model/hold.ts'
import type { Consent, WithdrawnBy } from '../../consents.ts'
import type { LegalRequest } from '../../legalRequests.ts'
import type { PolicyEvidence, PolicyLetter, PolicyVersion } from '../../policy.ts'

export interface PolicyRow {
  version: number
  state: PolicyVersion['state']
  text: string
  owner: string
  keep_days: number
  prepared_by: string
  prepared_at: number
  announced_at: number | null
  effective_at: number | null
  in_force_at: number | null
  reason: string
}

export function decodePolicy(row: PolicyRow): PolicyVersion {
  const { version, state, text, owner, reason } = row
  return {
    version,
    state,
    text,
    owner,
    keepDays: row.keep_days,
    preparedBy: row.prepared_by,
    preparedAt: row.prepared_at,
    announcedAt: row.announced_at ?? undefined,
    effectiveAt: row.effective_at ?? undefined,
    inForceAt: row.in_force_at ?? undefined,
    reason,
  }
}

export interface NoticeRow {
  version: number
  account: number
  about: PolicyLetter['about']
  recipient: string
  message: number | null
  state: PolicyEvidence['state'] | null
  at: number | null
  reply: string | null
}

export function decodeNotice({ recipient, message, state, at, reply, ...key }: NoticeRow): PolicyLetter {
  const evidence = state === null ? undefined : { state, at: at ?? undefined, reply: reply ?? '' }
  return { ...key, to: recipient, message: message ?? undefined, evidence }
}

export interface ConsentRow {
  id: number
  account: number
  address: string
  purpose: string
  given_at: number
  source: string
  withdrawn_at: number | null
  withdrawn_by: WithdrawnBy | null
}

export function decodeConsent({ given_at, withdrawn_at, withdrawn_by, ...row }: ConsentRow): Consent {
  const withdrawn = withdrawn_at === null ? undefined : { at: withdrawn_at, by: withdrawn_by ?? 'by hand' }
  return { ...row, givenAt: given_at, withdrawn }
}

export interface LegalRequestRow {
  id: number
  authority: string
  basis: string
  scope: string
  received_at: number
  gag_until: number | null
  state: LegalRequest['state']
  recorder: number
  recorded_by: string
  approver: number | null
  approved_by: string | null
  approved_at: number | null
  hold: number | null
  exported_at: number | null
  exported_by: string | null
  export_records: number | null
  export_bytes: number | null
  export_sha256: string | null
  notice_at: number | null
  no_notice_reason: string
  note: string
}

function exportOf(row: LegalRequestRow): LegalRequest['export'] {
  if (row.exported_at === null) return undefined
  return {
    at: row.exported_at,
    by: row.exported_by ?? '',
    records: row.export_records ?? 0,
    bytes: row.export_bytes ?? 0,
    sha256: row.export_sha256 ?? '',
  }
}

export function decodeLegalRequest(row: LegalRequestRow): LegalRequest {
  const { id, authority, basis, state, note } = row
  return {
    id,
    authority,
    basis,
    scope: JSON.parse(row.scope) as HoldScope,
    receivedAt: row.received_at,
    gagUntil: row.gag_until ?? undefined,
    state,
    recordedBy: row.recorded_by,
    approved: row.approved_at === null ? undefined : { by: row.approved_by ?? '', at: row.approved_at },
    hold: row.hold ?? undefined,
    export: exportOf(row),
    noticeAt: row.notice_at ?? undefined,
    noNoticeReason: row.no_notice_reason,
    note,
  }
}
