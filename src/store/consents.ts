/** Consent to mailings, in the words of the model. Times are milliseconds of Unix time. */

import type { MessageId } from '../model/id.ts'
import type { Act } from './trust.ts'

export interface Consent {
  id: number
  account: number
  address: string
  /** such as `product news` */
  purpose: string
  givenAt: number
  /** how it was given, in words */
  source: string
  withdrawn: { at: number; by: WithdrawnBy } | undefined
}

/** How a consent was withdrawn. */
export const withdrawnBy = ['one-click', 'mail', 'panel', 'by hand'] as const
export type WithdrawnBy = (typeof withdrawnBy)[number]

export interface ConsentQuery {
  account?: number | undefined
  purpose?: string | undefined
  /** only those that stand */
  standing?: boolean
}

export interface Withdrawn {
  consent: Consent
  /** mailings that may still be on their way to the address */
  messages: MessageId[]
}

/** Each act is one transaction with its entry in the audit log, which never has the address. */
export interface ConsentStore {
  /** Newest first. */
  list(query: ConsentQuery): Promise<Consent[]>
  get(id: number): Promise<Consent | undefined>
  /** Undefined when the same consent stands already. */
  give(consent: Pick<Consent, 'account' | 'address' | 'purpose' | 'source'>, act: Act): Promise<Consent | undefined>
  /**
   * Withdraws a consent, and any other that stands for the same account, address and purpose. What was withdrawn before
   * stays as it was, without an entry. Undefined when there is no such consent.
   */
  withdraw(id: number, by: WithdrawnBy, act: Act): Promise<Withdrawn | undefined>
  /** A mailing was accepted into the queue. False when the consent was withdrawn meanwhile. */
  mailed(id: number, message: MessageId, at: number): Promise<boolean>
  /** Purposes there were ever consents for, in order. */
  purposes(): Promise<string[]>
}
