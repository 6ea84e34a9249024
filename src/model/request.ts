/**
 * Requests of people about data that is held of them (GDPR articles 15 to 21): kinds, tracks, steps and deadlines. Pure.
 */

import { DAY_MS } from './retention.ts'

export const requestKinds = ['access', 'correction', 'deletion', 'objection', 'restriction', 'portability'] as const
export type RequestKind = (typeof requestKinds)[number]

/**
 * Whose request it is: an account holder about own data; an account on behalf of a third party (a removal order); a
 * third party itself, which is pointed to the account that sent the mail.
 */
export const requestTracks = ['holder', 'account', 'third party'] as const
export type RequestTrack = (typeof requestTracks)[number]

/** Where a request came in. */
export const requestSources = ['hand', 'mail', 'panel', 'api'] as const
export type RequestSource = (typeof requestSources)[number]

/**
 * How far a request is. `executing` goes on by itself after a crash; `executed` waits for its answer; `answered` waits
 * for the answer to arrive; `closed` is the end.
 */
export const requestStates = [
  'received',
  'identified',
  'decided',
  'executing',
  'executed',
  'answered',
  'closed',
] as const
export type RequestState = (typeof requestStates)[number]

/** How a request ended. `forwarded`: the person was pointed to the account. */
export const requestOutcomes = ['done', 'nothing found', 'forwarded', 'refused', 'withdrawn'] as const
export type RequestOutcome = (typeof requestOutcomes)[number]

/** Grounds on which a request may be refused (GDPR article 12 (5), article 17 (3)). */
export const refusalGrounds = ['unfounded', 'excessive', 'hold', 'identity'] as const
export type RefusalGround = (typeof refusalGrounds)[number]

/** Kinds that end in something being handed over, and those that end in something being destroyed. */
export const handedOver: readonly RequestKind[] = ['access', 'portability']

/** Days from receipt in which a request is answered, and within which it is due soon. */
export const ANSWER_DAYS = 30
export const DUE_SOON_DAYS = 7
/** Months a request may be extended once (GDPR article 12 (3)). */
export const EXTENSION_MONTHS = 2

/** A moment some calendar months later, UTC; the last day of the month where there is no such day. */
export function monthsLater(at: number, months: number): number {
  const from = new Date(at)
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1)
  const days = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate()
  return first + (Math.min(from.getUTCDate(), days) - 1) * DAY_MS + (at - Math.floor(at / DAY_MS) * DAY_MS)
}

/**
 * When a request is due: the earlier of 30 days and one calendar month from receipt; with an extension two months later.
 * Milliseconds, Unix time.
 */
export function dueAt(receivedAt: number, isExtended: boolean): number {
  const due = Math.min(receivedAt + ANSWER_DAYS * DAY_MS, monthsLater(receivedAt, 1))
  return isExtended ? monthsLater(due, EXTENSION_MONTHS) : due
}

/**
 * Where a request is on its path. `forwarded` is an answered request whose person was pointed to the account: it waits
 * for the account's order, and the desk can still carry it out itself.
 */
export type RequestStage = RequestState | 'forwarded'

export function stageOf({
  state,
  outcome,
}: {
  state: RequestState
  outcome: RequestOutcome | undefined
}): RequestStage {
  return state === 'answered' && outcome === 'forwarded' ? 'forwarded' : state
}

/** What can be done about a request, in the order of its path. */
export const requestSteps = [
  'confirm identity',
  'search',
  'forward',
  'package',
  'decide',
  'execute',
  'answer',
  'extend',
  'refuse',
  'close',
] as const
export type RequestStep = (typeof requestSteps)[number]

/**
 * What moves a request on. `report`: its person is told what came of an account's order. `reopen`: an account orders it
 * after all, after the time in which it was closed as forwarded.
 */
export type RequestMove =
  | 'identify'
  | 'forward'
  | 'decide'
  | 'execute'
  | 'finish'
  | 'answer'
  | 'report'
  | 'refuse'
  | 'settle'
  | 'close'
  | 'reopen'

const moves: Record<RequestMove, { from: readonly RequestStage[]; to: RequestState }> = {
  identify: { from: ['received', 'forwarded'], to: 'identified' },
  forward: { from: ['received', 'identified', 'forwarded'], to: 'answered' },
  decide: { from: ['identified', 'forwarded'], to: 'decided' },
  execute: { from: ['decided'], to: 'executing' },
  finish: { from: ['executing'], to: 'executed' },
  answer: { from: ['executed'], to: 'answered' },
  report: { from: ['received', 'identified', 'forwarded'], to: 'answered' },
  refuse: { from: ['received', 'identified', 'decided', 'forwarded'], to: 'answered' },
  settle: { from: ['answered', 'forwarded'], to: 'closed' },
  close: { from: ['received', 'identified', 'decided', 'executed', 'answered', 'forwarded'], to: 'closed' },
  reopen: { from: ['closed'], to: 'answered' },
}

/** The state a request gets to; undefined where there is no such way. The only function that changes a state. */
export function transitionRequest(stage: RequestStage, move: RequestMove): RequestState | undefined {
  const { from, to } = moves[move]
  return from.includes(stage) ? to : undefined
}

/**
 * How a request may end by a person's hand, without a further letter. What was never carried out was not done, and nothing
 * was found by nobody; a refusal is answered.
 */
export function closingOutcomes({
  state,
  outcome,
}: {
  state: RequestState
  outcome: RequestOutcome | undefined
}): readonly RequestOutcome[] {
  const stage = stageOf({ state, outcome })
  if (transitionRequest(stage, 'close') === undefined) return []
  if (stage === 'forwarded') return ['forwarded', 'withdrawn']
  const isOver = stage === 'executed' || stage === 'answered'
  return isOver && outcome !== undefined ? [outcome] : ['withdrawn']
}

/** How long a mailed code counts, and how often it may be tried. */
export const CODE_DAYS = 7
export const CODE_TRIES = 3

/** Whether somebody still has to do something about it. */
export function isOpenRequest(state: RequestState): boolean {
  return state !== 'answered' && state !== 'closed'
}

export type Urgency = 'calm' | 'soon' | 'overdue'

/** How a request stands by its clock. */
export function urgencyOf(state: RequestState, due: number, now: number): Urgency {
  if (!isOpenRequest(state)) return 'calm'
  if (now > due) return 'overdue'
  return due - now <= DUE_SOON_DAYS * DAY_MS ? 'soon' : 'calm'
}
