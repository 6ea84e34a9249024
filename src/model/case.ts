/** Cases and the opening of samples: what may follow what. Pure; the store keeps to it in its transactions. */

import type { Role } from './user.ts'

export const caseStatuses = ['open', 'in review', 'waiting for second person', 'decided', 'closed'] as const
export type CaseStatus = (typeof caseStatuses)[number]

export const findings = ['breach', 'no breach', 'unclear'] as const
export type Finding = (typeof findings)[number]

/** A reason a case may have: a short code and the sentence of the terms of service. */
export interface CaseReason {
  code: string
  text: string
}

export const openingStates = ['requested', 'approved', 'refused', 'revoked', 'expired', 'used'] as const
export type OpeningState = (typeof openingStates)[number]

export const actionKinds = ['warn', 'throttle', 'hold', 'suspend', 'end trust', 'close account'] as const
export type ActionKind = (typeof actionKinds)[number]

/** What a case's timeline tells. */
export const caseEventKinds = [
  'opened',
  'note',
  'assigned',
  'signal',
  'opening requested',
  'opening approved',
  'opening refused',
  'opening revoked',
  'sample opened',
  'verdict',
  'action',
  'action undone',
  'closed',
  'reopened',
  'appeal',
] as const
export type CaseEventKind = (typeof caseEventKinds)[number]

/** The policy of review. Times in hours, except `viewMinutes`. */
export interface CaseSettings {
  /** `auto`: as soon as two people may review */
  secondPerson: 'auto' | 'always'
  /** waiting time that stands in for a second person */
  delayHours: number
  /** how long an opening is good for once it may be used, and how long a request waits for a second person */
  approvalHours: number
  viewMinutes: number
  /** suspicion from which a sample may be opened without an override, 0 to 100 */
  threshold: number
  /** weight of an account's new signals of a day from which its mail is held by itself; 0: never */
  brake: number
}

export const defaultCaseSettings: CaseSettings = {
  secondPerson: 'auto',
  delayHours: 24,
  approvalHours: 24,
  viewMinutes: 10,
  threshold: 50,
  brake: 100,
}

/** Why an action of the review desk holds deliveries, as it is told to the queue. */
export const REVIEW_ORDER = 'mail of this account waits for a decision of the review desk'

/** The reason of a delivery that is held so: by this it is found again when it may go on. */
export const HELD_BY_REVIEW = `held: ${REVIEW_ORDER}`

/** Reason of a case that the brake opened. */
export const AUTOMATIC = 'automatic'

/** Whether a sample may be looked into on a case in this status. */
export function isUnderReview(status: CaseStatus): boolean {
  return status === 'open' || status === 'in review' || status === 'waiting for second person'
}

/** Whether people of this role look into cases and open samples. */
export function mayReview(role: Role): boolean {
  return role === 'admin' || role === 'reviewer'
}

/** Whether openings need a second person: when policy says always, or as soon as there are two who may review. */
export function needsSecondUser(policy: CaseSettings, reviewers: number): boolean {
  return policy.secondPerson === 'always' || reviewers >= 2
}

/** An opening as far as it decides what may happen to it. Times are milliseconds of Unix time. */
export interface OpeningFacts {
  state: OpeningState
  /** who asked */
  requester: number
  needsSecond: boolean
  /** not before; undefined while it waits for a second person */
  opensAt: number | undefined
  expiresAt: number
}

/** The state at a moment: what was not used in time has expired. */
export function stateAt(opening: OpeningFacts, now: number): OpeningState {
  const isPending = opening.state === 'requested' || opening.state === 'approved'
  return isPending && now >= opening.expiresAt ? 'expired' : opening.state
}

export type Refusal = 'own request' | 'not yours' | 'wrong state' | 'too early' | 'case closed' | 'sample over'

/** Why a person may not approve an opening; undefined when they may. Four eyes: never who asked. */
export function approvalRefusal(opening: OpeningFacts, person: number, now: number): Refusal | undefined {
  if (stateAt(opening, now) !== 'requested' || !opening.needsSecond) return 'wrong state'
  return opening.requester === person ? 'own request' : undefined
}

/** Why a person may not use an opening now; undefined when they may. */
export function openRefusal(opening: OpeningFacts, person: number, now: number): Refusal | undefined {
  if (opening.requester !== person) return 'not yours'
  const state = stateAt(opening, now)
  const isReady = opening.needsSecond ? state === 'approved' : state === 'requested'
  if (!isReady) return 'wrong state'
  return opening.opensAt === undefined || now < opening.opensAt ? 'too early' : undefined
}
