/** How cases, openings and actions look on the outside. */

import type { ActionView, CaseDetail, CaseEvent, CaseSample, CaseView, OpeningView } from '../../contract/cases.ts'
import { type CaseSettings, isUnderReview } from '../../model/case.ts'
import { formatId } from '../../model/id.ts'
import { accountName } from '../../store/accountName.ts'
import type * as stored from '../../store/cases.ts'
import type { Directory } from '../../store/store.ts'
import { canUndo } from './caseActions.ts'
import { timeOrNull, timeView } from './views.ts'

export function caseView(found: stored.Case, directory: Directory): CaseView {
  const { id, status, reason, note, owner, openedBy, verdict, signals, suspicion, waiting } = found
  return {
    id,
    account: accountName(directory, found.account),
    status,
    reason,
    note,
    owner: owner ?? null,
    openedBy,
    openedAt: timeView(found.openedAt),
    decidedAt: timeOrNull(found.decidedAt),
    closedAt: timeOrNull(found.closedAt),
    verdict: verdict ?? null,
    signals,
    suspicion,
    waiting,
  }
}

export function eventView({ id, at, actor, kind, text }: stored.CaseEvent): CaseEvent {
  return { id, at: timeView(at), actor, kind, text }
}

export function openingView(opening: stored.Opening): OpeningView {
  return {
    id: opening.id,
    case: opening.case,
    sample: formatId(opening.sample),
    state: opening.state,
    reason: opening.reason,
    override: opening.override ?? null,
    requestedBy: opening.requestedBy,
    requestedAt: timeView(opening.requestedAt),
    approvedBy: opening.approvedBy ?? null,
    approvedAt: timeOrNull(opening.approvedAt),
    opensAt: timeOrNull(opening.opensAt),
    expiresAt: timeView(opening.expiresAt),
    openedAt: timeOrNull(opening.openedAt),
  }
}

export function actionView(action: stored.Action): ActionView {
  const { id, kind, perHour, reason, by, letter, undoneBy, undoneAt } = action
  return {
    id,
    case: action.case,
    kind,
    perHour: perHour ?? null,
    reason,
    by,
    at: timeView(action.at),
    letter: letter ? { ...letter, message: letter.message === undefined ? null : formatId(letter.message) } : null,
    undoneBy: undoneBy ?? null,
    undoneAt: timeOrNull(undoneAt),
    canUndo: undoneAt === undefined && canUndo(kind),
  }
}

/** What a sample's obstacles depend on. */
export interface Circumstances {
  policy: CaseSettings
  now: number
  /** whether a second person is needed for openings asked for now */
  secondPerson: boolean
  /** whether the private part of the seal key is within reach */
  hasSealKey: boolean
  /** whether it lies behind a passphrase */
  passphrase: boolean
  /** id of the person who looks; undefined for nobody in particular */
  person: number | undefined
}

type Obstacle = CaseSample['obstacles'][number]

/** What stands between a reviewer and a sample, in the order in which it is to be put right. */
function obstaclesOf(found: stored.Case, { opening }: stored.CaseSample, at: Circumstances): Obstacle[] {
  if (!isUnderReview(found.status))
    return [{ kind: 'case closed', text: 'The case is decided: open it again to look further.' }]
  const obstacles: Obstacle[] = []
  if (!at.hasSealKey) obstacles.push({ kind: 'seal key', text: 'The seal key is missing: put its file back first.' })
  const isPending = opening?.state === 'requested' || opening?.state === 'approved'
  if (!opening || !isPending) {
    const missing = at.policy.threshold - found.suspicion
    if (missing > 0)
      obstacles.push({
        kind: 'suspicion',
        text: `The suspicion is ${found.suspicion}, and opening needs ${at.policy.threshold}: attach signals, or say why it is opened all the same.`,
      })
    obstacles.push({ kind: 'requested', text: waitText(at) })
    return obstacles
  }
  if (opening.requester !== at.person && opening.state === 'approved')
    obstacles.push({ kind: 'role', text: `Only ${opening.requestedBy}, who asked, can open it.` })
  if (opening.needsSecond && opening.state === 'requested')
    obstacles.push({ kind: 'second person', text: 'A second person has to approve.' })
  if (opening.opensAt !== undefined && at.now < opening.opensAt)
    obstacles.push({ kind: 'delay', text: `It opens at ${timeView(opening.opensAt)}.` })
  return obstacles
}

function waitText({ secondPerson, policy }: Circumstances): string {
  return secondPerson
    ? 'Ask for it with a reason; a second person approves.'
    : `Ask for it with a reason; it opens after ${policy.delayHours} hours, since there is no second person.`
}

export function detailView(found: stored.CaseDetail, directory: Directory, at: Circumstances): CaseDetail {
  const summary = caseView(found, directory)
  return {
    ...summary,
    events: found.events.map(eventView),
    actions: found.actions.map(actionView),
    samples: found.samples.map((sample): CaseSample => {
      const id = formatId(sample.message)
      const { block, position, size, domains, score, flagged, held, opening } = sample
      return {
        id,
        message: id,
        account: summary.account,
        block,
        position,
        acceptedAt: timeView(sample.acceptedAt),
        keepUntil: timeView(sample.keepUntil),
        size,
        domains,
        flagged,
        held,
        case: found.id,
        score: score ?? null,
        opening: opening ? openingView(opening) : null,
        obstacles: obstaclesOf(found, sample, at),
      }
    }),
    threshold: at.policy.threshold,
    secondPerson: at.secondPerson,
    delayHours: at.policy.delayHours,
    passphrase: at.passphrase,
  }
}
