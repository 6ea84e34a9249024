/** What authorities demanded, and what became of it. Times are milliseconds of Unix time. */

import type { HoldScope } from '../model/hold.ts'
import type { Actor } from './cases.ts'

export type LegalRequestState = 'recorded' | 'approved' | 'exported' | 'refused' | 'closed'

export interface LegalRequest {
  id: number
  authority: string
  /** law and file number */
  basis: string
  scope: HoldScope
  receivedAt: number
  /** the account must not be told before */
  gagUntil: number | undefined
  state: LegalRequestState
  recordedBy: string
  approved: { by: string; at: number } | undefined
  /** the legal hold that keeps what is demanded */
  hold: number | undefined
  export: LegalRequestExport | undefined
  /** when the accounts were told */
  noticeAt: number | undefined
  noNoticeReason: string
  note: string
}

export interface LegalRequestExport {
  at: number
  by: string
  records: number
  bytes: number
  /** hex */
  sha256: string
}

export interface NewLegalRequest {
  authority: string
  basis: string
  scope: HoldScope
  receivedAt: number
  gagUntil: number | undefined
  note: string
  /** whether what is demanded is kept from now on */
  hold: boolean
}

/** Who acts, when, and why. The owner of the data folder is person 0, and nobody's second person. */
export interface LegalRequestAct {
  actor: Actor
  at: number
  reason: string
}

export type LegalRequestRefusal = 'not found' | 'wrong state' | 'same person' | 'no person' | 'gag' | 'told' | 'untold'

export type LegalRequestResult = { ok: true; legalRequest: LegalRequest } | { ok: false; refusal: LegalRequestRefusal }

/** Each act is one transaction with its entry in the audit log, and refused inside it when it may not be. */
export interface LegalRequestStore {
  /** Newest first. @param before only lower ids */
  list(limit: number, before: number | undefined): Promise<LegalRequest[]>
  get(id: number): Promise<LegalRequest | undefined>
  /** The hold is placed in the same transaction. */
  record(demand: NewLegalRequest, act: LegalRequestAct): Promise<LegalRequest>
  /** By another person than the one who recorded it. */
  approve(id: number, act: LegalRequestAct): Promise<LegalRequestResult>
  refuse(id: number, act: LegalRequestAct): Promise<LegalRequestResult>
  /** Keeps what was handed over: of an approved demand only, before anything is handed over. */
  exported(id: number, made: Omit<LegalRequestExport, 'at' | 'by'>, act: LegalRequestAct): Promise<LegalRequestResult>
  /** The accounts were told. Refused as long as the gag lasts. */
  told(id: number, act: LegalRequestAct): Promise<LegalRequestResult>
  /** The accounts are not told, with the reason. */
  untold(id: number, act: LegalRequestAct): Promise<LegalRequestResult>
  /** Once the accounts were told, or it was said why not; its hold is released. A refused demand needs neither. */
  close(id: number, act: LegalRequestAct): Promise<LegalRequestResult>
  /** Ids of demands whose gag has ended, of which nobody was told. */
  noticesDue(at: number): Promise<number[]>
}
