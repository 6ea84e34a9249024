/** The path of a request: which stages it has, how far each is, and what comes next. Pure. */

import type { RequestDetail } from '../../../contract/requests.ts'
import type { RequestState } from '../../../model/request.ts'

export const stages = [
  'received',
  'identity',
  'search',
  'forward',
  'preview',
  'decision',
  'execution',
  'answer',
] as const
export type Stage = (typeof stages)[number]

/** `blocked`: it is its turn, and something stands in the way. */
export type Mark = 'done' | 'running' | 'now' | 'later' | 'skipped'

export type Step = RequestDetail['steps'][number]['step']

const decidedStates: readonly RequestState[] = ['decided', 'executing', 'executed', 'answered', 'closed']
const executedStates: readonly RequestState[] = ['executed', 'answered', 'closed']

/** Whether the person was pointed to the accounts. */
export function isForwarded({ letters, orders, outcome }: RequestDetail): boolean {
  return outcome === 'forwarded' || orders.length > 0 || letters.some(({ kind }) => kind.startsWith('forward'))
}

/** Whether what happens now is up to the accounts. */
export function isLeftToAccounts(request: RequestDetail): boolean {
  const { state } = request
  return isForwarded(request) && !decidedStates.slice(0, 3).includes(state)
}

/** Why a step cannot be taken; empty when it can, undefined when there is no such step any more. */
export function obstacleOf({ steps }: RequestDetail, step: Step): string | undefined {
  return steps.find((each) => each.step === step)?.obstacle
}

function wasCarriedOut({ state, outcome }: RequestDetail): boolean {
  return executedStates.includes(state) && outcome !== 'refused' && outcome !== 'withdrawn'
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
      return decidedStates.includes(state) && search?.state === 'done' && !isLeftToAccounts(request)
    case 'decision':
      return outcome === 'refused' || (decidedStates.includes(state) && (execution !== null || state === 'decided'))
    case 'execution':
      return execution?.state === 'done' && wasCarriedOut(request)
    case 'answer':
      return state === 'closed' ? letters.some(({ kind }) => kind === 'answer' || kind === 'refusal') : false
  }
}

function isRunningStage({ search, execution, state }: RequestDetail, stage: Stage): boolean {
  if (stage === 'search') return search?.state === 'running'
  if (stage === 'execution') return state === 'executing' || execution?.state === 'running'
  return stage === 'answer' && state === 'answered'
}

/** The stages of a request in order, with how far each is. Exactly one is `now` at most. */
export function pathOf(request: RequestDetail): { stage: Stage; mark: Mark }[] {
  const isOver = request.state === 'closed' || request.outcome === 'refused'
  const left = isLeftToAccounts(request)
  let isNowTaken = false
  return stages
    .filter((stage) => stage !== 'forward' || request.track === 'third party')
    .map((stage) => {
      if (isRunningStage(request, stage)) {
        isNowTaken = true
        return { stage, mark: 'running' }
      }
      if (isDone(request, stage)) return { stage, mark: 'done' }
      if (isOver && stage !== 'answer') return { stage, mark: 'skipped' }
      if (left && ['identity', 'preview', 'decision', 'execution'].includes(stage)) return { stage, mark: 'skipped' }
      if (request.state === 'closed') return { stage, mark: 'skipped' }
      if (isNowTaken || !isItsTurn(request, stage)) return { stage, mark: 'later' }
      isNowTaken = true
      return { stage, mark: 'now' }
    })
}

/** A third party is pointed to the account first: only the desk's own execution needs to know who asks. */
function isItsTurn(request: RequestDetail, stage: Stage): boolean {
  if (request.track !== 'third party' || request.identity.codeSentAt !== null) return true
  if (stage === 'identity') return hasNoAccount(request)
  return true
}

/** Whether the search found nobody a third party could be pointed to. */
function hasNoAccount({ search }: RequestDetail): boolean {
  return search?.state === 'done' && search.accounts.length === 0
}

/** What a single key or button does next; undefined while somebody or something else is at work. */
export function nextStep(request: RequestDetail): Step | undefined {
  const can = (step: Step): boolean => obstacleOf(request, step) === ''
  const { identity, search, state } = request
  if (search?.state === 'running' || state === 'executing' || isLeftToAccounts(request)) return undefined
  const pointsFirst = request.track === 'third party' && !isForwarded(request) && !hasNoAccount(request)
  const wanted: [Step, boolean][] = [
    ['search', pointsFirst && search?.state !== 'done' && !decidedStates.includes(state)],
    ['forward', pointsFirst && !decidedStates.includes(state)],
    ['confirm identity', !identity.confirmed],
    ['search', search?.state !== 'done' && !decidedStates.includes(state)],
    ['decide', true],
    ['execute', true],
    ['package', true],
    ['answer', true],
  ]
  return wanted.find(([step, isWanted]) => isWanted && can(step))?.[0]
}
