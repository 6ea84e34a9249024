/** What can be done next about a request, and where it cannot, why not. Pure. */

import { handedOver, type RequestMove, type RequestStep, stageOf, transitionRequest } from '../../model/request.ts'
import type { RequestRecord } from '../../store/requests.ts'
import type { ExportView } from '../exports/view.ts'
import { readCorrection } from './correction.ts'

export interface Step {
  step: RequestStep
  /** empty when it can be done now */
  obstacle: string
}

export interface Circumstances {
  now: number
  dataExports: readonly ExportView[]
  /** number of the request that is being searched for */
  searching: number | undefined
}

const states: Record<ReturnType<typeof stageOf>, string> = {
  received: 'it is not known who asks: confirm the identity first',
  identified: 'nothing is decided yet',
  decided: 'it is decided: carry it out',
  executing: 'it is being carried out',
  executed: 'it was carried out: send the answer',
  answered: 'the answer is on its way',
  forwarded: 'it waits for the order of the account',
  closed: 'it is closed',
}

function movable(record: RequestRecord, move: RequestMove): string {
  const stage = stageOf(record)
  return transitionRequest(stage, move) === undefined ? states[stage] : ''
}

function identity(record: RequestRecord): string {
  return record.identity ? 'who asks is known' : movable(record, 'identify')
}

function search({ id, state }: RequestRecord, { searching }: Circumstances): string {
  if (state === 'closed') return states.closed
  if (searching === undefined) return ''
  return searching === id ? 'the search is under way' : `request ${searching} is being searched for: wait, or stop that`
}

function forward(record: RequestRecord): string {
  if (record.track !== 'third party') return 'it is an account’s own request'
  return movable(record, 'forward')
}

/** Kinds that are about everything that is held, so that it has to be known. */
const searched: readonly RequestRecord['kind'][] = ['access', 'portability', 'deletion']

/** Why a request cannot be decided now; empty when it can. */
export function decisionObstacle(record: RequestRecord): string {
  const stuck = movable(record, 'decide')
  if (stuck !== '') return stuck
  if (!record.identity) return states.received
  if (searched.includes(record.kind) && record.search?.state !== 'done') return 'search everything first'
  if (record.kind === 'correction' && record.track === 'holder' && !readCorrection(record.correction))
    return 'say what is corrected, such as “contact: ops@acme.example” or “domains: acme.example”'
  return ''
}

/** Why the answer cannot go out now; empty when it can. */
export function answerObstacle(record: RequestRecord, dataExports: readonly ExportView[]): string {
  const stuck = movable(record, 'answer')
  if (stuck !== '') return stuck
  if (!handedOver.includes(record.kind)) return ''
  return dataExports.some(({ available, needsReview }) => available && needsReview)
    ? 'a second person has to review the package first'
    : ''
}

function packaged(record: RequestRecord, { dataExports }: Circumstances): string {
  if (!handedOver.includes(record.kind)) return 'nothing is handed over for this kind'
  const there = dataExports.filter(({ available }) => available)
  if (there.length === 0)
    return dataExports.length === 0 ? 'it is put together when the request is carried out' : 'the package was destroyed'
  return there.some(({ needsReview }) => needsReview) ? 'a second person has to review it first' : ''
}

function extend(record: RequestRecord, now: number): string {
  if (record.extended) return 'it was extended before'
  if (record.state === 'answered' || record.state === 'closed') return states[stageOf(record)]
  return now > record.dueAt ? 'it was due before' : ''
}

/** Every step with its obstacle. */
export function stepsOf(record: RequestRecord, circumstances: Circumstances): Step[] {
  const obstacles: Record<Step['step'], string> = {
    'confirm identity': identity(record),
    search: search(record, circumstances),
    forward: forward(record),
    package: packaged(record, circumstances),
    decide: decisionObstacle(record),
    execute: movable(record, 'execute'),
    answer: answerObstacle(record, circumstances.dataExports),
    extend: extend(record, circumstances.now),
    refuse: movable(record, 'refuse'),
    close: movable(record, 'close'),
  }
  return Object.entries(obstacles).map(([step, obstacle]) => ({ step: step as Step['step'], obstacle }))
}
