/** The path of a request: which stages it has, how far each is, and what comes next. Pure. */

import type { RequestDetail, RequestSearch } from '../../../contract/requests.ts'
import type { RequestState } from '../../../model/request.ts'

const stages = ['received', 'identity', 'search', 'preview', 'decision', 'execution', 'answer'] as const

/** A third party is pointed to the accounts that wrote to it; who asks matters only where the desk carries it out itself. */
const thirdPartyStages = [
  'received',
  'search',
  'forward',
  'identity',
  'preview',
  'decision',
  'execution',
  'answer',
] as const
export type Stage = (typeof thirdPartyStages)[number]

/** How far a stage is. `skipped`: it never came, or is left to the accounts. */
export type Mark = 'done' | 'running' | 'now' | 'later' | 'skipped'

export type Step = RequestDetail['steps'][number]['step']

/** Steps that lead on to the answer; the others end or prolong a request, and are a person's choice. */
export type NextStep = Exclude<Step, 'extend' | 'refuse' | 'close'>

const undecided: readonly RequestState[] = ['received', 'identified']

/** Whether nobody has decided yet; a request that was forwarded can still be. */
export function isUndecided(request: RequestDetail): boolean {
  return undecided.includes(request.state) || isLeftToAccounts(request)
}

/** Whether the person was pointed to the accounts. */
export function isForwarded({ letters, orders, outcome }: RequestDetail): boolean {
  return outcome === 'forwarded' || orders.length > 0 || letters.some(({ kind }) => kind === 'forwarding')
}

/** Whether what happens now is up to the accounts; the desk can carry it out itself all the same. */
export function isLeftToAccounts({ state, outcome }: RequestDetail): boolean {
  return state === 'answered' && outcome === 'forwarded'
}

/** Whether somebody decided to carry it out. */
function isDecided({ state, execution }: RequestDetail): boolean {
  return state === 'decided' || execution !== null
}

/** Why a step cannot be taken; empty when it can, undefined when there is no such step any more. */
export function obstacleOf({ steps }: RequestDetail, step: Step): string | undefined {
  return steps.find((each) => each.step === step)?.obstacle
}

function isDone(request: RequestDetail, stage: Stage): boolean {
  const { state, identity, search, execution, letters, outcome } = request
  switch (stage) {
    case 'received':
      return true
    case 'identity':
      return identity.confirmed
    case 'search':
      return search?.state === 'done'
    case 'forward':
      return isForwarded(request)
    case 'preview':
      return isDecided(request)
    case 'decision':
      return outcome === 'refused' || isDecided(request)
    case 'execution':
      return execution?.state === 'done'
    case 'answer':
      return state === 'closed' && letters.some(({ kind }) => kind === 'answer' || kind === 'refusal')
  }
}

function isRunning(request: RequestDetail, stage: Stage): boolean {
  const { search, state } = request
  if (stage === 'search') return search?.state === 'running'
  if (stage === 'execution') return state === 'executing'
  return stage === 'answer' && state === 'answered' && !isLeftToAccounts(request)
}

/** The stages of a request in order, with how far each is. At most one is `now`. */
export function pathOf(request: RequestDetail): { stage: Stage; mark: Mark }[] {
  const isOver = request.state === 'closed' || request.state === 'answered'
  let isTaken = false
  const markOf = (stage: Stage): Mark => {
    if (isRunning(request, stage)) {
      isTaken = true
      return 'running'
    }
    if (isDone(request, stage)) return 'done'
    // the answer comes when the account has ordered it and that is carried out
    if (isLeftToAccounts(request)) return stage === 'answer' ? 'later' : 'skipped'
    if (isOver) return 'skipped'
    // nobody it could be forwarded to, or somebody has begun to find out who asks
    if (stage === 'forward' && (hasNoAccount(request) || isCarriedOutHere(request))) return 'skipped'
    // some kinds are decided without
    if (stage === 'search' && isDecided(request)) return 'skipped'
    if (isTaken) return 'later'
    isTaken = true
    return 'now'
  }
  const own = request.track === 'third party' ? thirdPartyStages : stages
  return own.map((stage) => ({ stage, mark: markOf(stage) }))
}

/** Whether the search found nobody a third party could be pointed to. */
function hasNoAccount({ search }: RequestDetail): boolean {
  return search?.state === 'done' && sendersOf(search).length === 0
}

/** Whether the desk carries out a third party's request itself: it has asked who asks. */
function isCarriedOutHere({ identity }: RequestDetail): boolean {
  return identity.confirmed || identity.codeSentAt !== null
}

/** Letters of the relay itself go out under this name. */
const RELAY_ITSELF = 'mailward'

/** Accounts that have written to the person, most first. */
export function sendersOf({ accounts }: RequestSearch): RequestSearch['accounts'] {
  return accounts.filter(({ account }) => account !== RELAY_ITSELF)
}

/** What a single key or button does next; undefined while somebody or something else is at work. */
export function nextStep(request: RequestDetail): NextStep | undefined {
  const { identity, search, state, dataExports } = request
  if (search?.state === 'running' || state === 'executing' || state === 'answered' || state === 'closed')
    return undefined
  if (dataExports.some(({ available, needsReview }) => available && needsReview)) return 'package'
  const isSearchDue = isUndecided(request) && search?.state !== 'done'
  const isPointedFirst =
    isUndecided(request) && request.track === 'third party' && !isCarriedOutHere(request) && !hasNoAccount(request)
  const wanted: [NextStep, boolean][] = [
    ['search', isPointedFirst && isSearchDue],
    ['forward', isPointedFirst],
    ['confirm identity', !identity.confirmed],
    ['search', isSearchDue],
    ['decide', true],
    ['execute', true],
    ['answer', true],
  ]
  return wanted.find(([step, isWanted]) => isWanted && obstacleOf(request, step) === '')?.[0]
}
