/** The policy in its versions, and the letters that told accounts of it. Times are milliseconds of Unix time. */

import type { DeliveryState } from '../model/delivery.ts'
import type { MessageId } from '../model/id.ts'
import type { PolicyContent, PolicyState } from '../model/privacyPolicy.ts'
import type { Act } from './trust.ts'

export interface PolicyVersion extends PolicyContent {
  version: number
  state: PolicyState
  preparedBy: string
  preparedAt: number
  announcedAt: number | undefined
  /** when it takes effect, or took */
  effectiveAt: number | undefined
  /** undefined when it never was in force */
  inForceAt: number | undefined
  reason: string
}

/** A letter to an account's contact about a version: that it will take effect, or that it will not after all. */
export interface PolicyLetter {
  version: number
  account: number
  about: 'change' | 'withdrawal'
  to: string
  /** undefined until it was accepted into the queue */
  message: MessageId | undefined
  /** what became of it; undefined until that is final */
  evidence: PolicyEvidence | undefined
}

/** What became of a letter, as the log said it, kept beyond the log's days. */
export interface PolicyEvidence {
  state: DeliveryState
  at: number | undefined
  /** reply of the next hop */
  reply: string
}

export type PolicyRefusal = 'not found' | 'wrong state' | 'another draft' | 'another announced'

export type PolicyResult = { ok: true; version: PolicyVersion } | { ok: false; refusal: PolicyRefusal }

export type LetterKey = Pick<PolicyLetter, 'version' | 'account' | 'about'>
export type SentLetter = Pick<PolicyLetter, keyof LetterKey | 'to'>

/** Each act is one transaction with its entry in the audit log. */
export interface PolicyStore {
  /** Newest first. */
  versions(): Promise<PolicyVersion[]>
  get(version: number): Promise<PolicyVersion | undefined>
  /** Writes the first version, in force at once. Does nothing when there is one; the days are those in force. */
  begin(first: { text: string; owner: string }, at: number): Promise<void>
  prepare(content: PolicyContent, act: Act): Promise<PolicyResult>
  revise(version: number, content: PolicyContent, act: Act): Promise<PolicyResult>
  /** Sets when a draft takes effect, and that every account's contact is to be told. */
  announce(version: number, effectiveAt: number, act: Act): Promise<PolicyResult>
  /** Accounts that came since an announcement are to be told as well, and contacts that replace one which got no letter. */
  addressNew(version: number, at: number): Promise<void>
  /** Those who were told are to be told that it was withdrawn. */
  withdraw(version: number, act: Act): Promise<PolicyResult>
  /** Puts an announced version in force, with the days it says. False when it is not announced. */
  takeEffect(version: number, at: number): Promise<boolean>
  /** Letters about a version, or all, in order of account. */
  letters(version?: number): Promise<PolicyLetter[]>
  /** A letter was accepted into the queue. */
  sent(letter: SentLetter, message: MessageId): Promise<void>
  /** Keeps what became of a letter. */
  settled(letter: LetterKey, evidence: PolicyEvidence): Promise<void>
}
