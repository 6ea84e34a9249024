/** What authorities demanded, and what became of it. Times are milliseconds of Unix time. */

import type { HoldScope } from '../model/hold.ts'
import type { Actor } from './cases.ts'

export type DisclosureState = 'recorded' | 'approved' | 'exported' | 'refused' | 'closed'

export interface Disclosure {
  id: number
  authority: string
  /** law and file number */
  basis: string
  scope: HoldScope
  receivedAt: number
  /** the account must not be told before */
  gagUntil: number | undefined
  state: DisclosureState
  recordedBy: string
  approved: { by: string; at: number } | undefined
  /** the legal hold that keeps what is demanded */
  hold: number | undefined
  export: DisclosureExport | undefined
  /** when the accounts were told */
  noticeAt: number | undefined
  noNoticeReason: string
  note: string
}

export interface DisclosureExport {
  at: number
  by: string
  records: number
  bytes: number
  /** hex */
  sha256: string
}

export interface NewDisclosure {
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
export interface DisclosureAct {
  actor: Actor
  at: number
  reason: string
}

export type DisclosureRefusal = 'not found' | 'wrong state' | 'same person' | 'no person' | 'gag' | 'told' | 'untold'

export type DisclosureResult = { ok: true; disclosure: Disclosure } | { ok: false; refusal: DisclosureRefusal }

/** Each act is one transaction with its entry in the audit log, and refused inside it when it may not be. */
export interface DisclosureStore {
  /** Newest first. @param before only lower ids */
  list(limit: number, before: number | undefined): Promise<Disclosure[]>
  get(id: number): Promise<Disclosure | undefined>
  /** The hold is placed in the same transaction. */
  record(demand: NewDisclosure, act: DisclosureAct): Promise<Disclosure>
  /** By another person than the one who recorded it. */
  approve(id: number, act: DisclosureAct): Promise<DisclosureResult>
  refuse(id: number, act: DisclosureAct): Promise<DisclosureResult>
  /** Keeps what was handed over: of an approved demand only, before anything is handed over. */
  exported(id: number, made: Omit<DisclosureExport, 'at' | 'by'>, act: DisclosureAct): Promise<DisclosureResult>
  /** The accounts were told. Refused as long as the gag lasts. */
  told(id: number, act: DisclosureAct): Promise<DisclosureResult>
  /** The accounts are not told, with the reason. */
  untold(id: number, act: DisclosureAct): Promise<DisclosureResult>
  /** Once the accounts were told, or it was said why not; its hold is released. A refused demand needs neither. */
  close(id: number, act: DisclosureAct): Promise<DisclosureResult>
  /** Ids of demands whose gag has ended, of which nobody was told. */
  noticesDue(at: number): Promise<number[]>
}
