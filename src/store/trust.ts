/** Trust, complaints and the status of accounts, in the words of the model. */

import type { AccountStatus } from '../model/account.ts'
import type { MessageId } from '../model/id.ts'
import type { Criteria, Thresholds } from '../model/trust.ts'

/** Who does it, as the audit log names them: an e-mail address, `local` or `system`. */
export interface Act {
  actor: string
  at: number
  reason: string
}

export interface TrustDecision {
  id: number
  account: number
  decision: 'on' | 'off'
  requestedBy: string
  reason: string
  /** as they were at the decision */
  criteria: Criteria
  decidedBy: string
  decidedAt: number
  reviewAt: number | undefined
  /** what became of the samples stored then */
  samples: 'keep' | 'destroy'
  /** receipt of the samples that were destroyed */
  receipt: number | undefined
  destroyed: number
  /** samples a legal hold kept from being destroyed */
  held: number
}

/** A decision to be made. */
export interface NewTrustDecision extends Omit<TrustDecision, 'id' | 'receipt' | 'destroyed' | 'held'> {
  /** whether the account's contact is to be told: remembered until `told` */
  tell: boolean
}

export interface Complaint {
  id: number
  account: number
  message: MessageId | undefined
  at: number
  /** who told of it: `person`, or `feedback` for a report that came by mail */
  source: string
  note: string
}

/** How an account did, and when its trust is to be looked at again. */
export interface AccountFigures {
  account: number
  criteria: Criteria
  /** undefined when it is not trusted, or no date was set */
  reviewAt: number | undefined
}

export interface TrustStore {
  /** For each account, or for the one named, at `now`. */
  figures(now: number, account?: number): Promise<AccountFigures[]>
  /** Decisions about an account, newest first. */
  history(account: number): Promise<TrustDecision[]>
  /**
   * Decides: decision, flag of the account, removal of its samples, receipt and audit entry are one transaction.
   * Resolves when the sealed content is gone from the disk as well. Trust that is given once more is renewed, with a new
   * review date. Undefined when there is neither trust to end nor a request for it to decline.
   */
  decide(decision: NewTrustDecision): Promise<TrustDecision | undefined>
  thresholds(): Promise<Thresholds>
  setThresholds(thresholds: Thresholds, act: Act): Promise<void>
  /** Enters a complaint. Returns its id. */
  addComplaint(complaint: Omit<Complaint, 'id'>, act: Act): Promise<number>
  /** Newest first, at most 200. */
  complaints(account: number): Promise<Complaint[]>
  /** Decisions the account's contact is still to be told of, oldest first. */
  untold(): Promise<TrustDecision[]>
  /** The letter about a decision was accepted as this message. */
  told(decision: number, message: MessageId): Promise<void>
  /** Suspends, resumes or closes an account; the reason is kept with it unless it is active. */
  setStatus(account: number, status: AccountStatus, act: Act): Promise<void>
}
