/** The review desk: open suspicions about accounts, their evidence, verdicts, and what follows. */

import { z } from 'zod'
import { actionKinds, caseEventKinds, caseStatuses, findings, openingStates } from '../model/case.ts'
import { procedure } from './procedure.ts'
import { sampleShape } from './samples.ts'
import { cursorShape, timeShape } from './shapes.ts'

const id = z.coerce.number().int().positive()
const reason = z.string().trim().min(1).max(1000)

export const caseReasonShape = z.object({
  /** such as `spam`, `phishing`: letters, digits, hyphens */
  code: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  /** the sentence of the terms of service */
  text: z.string().min(1).max(400),
})
export type CaseReason = z.infer<typeof caseReasonShape>

export const caseShape = z.object({
  id: z.number().int(),
  account: z.string(),
  status: z.enum(caseStatuses),
  reason: z.string(),
  note: z.string(),
  owner: z.string().nullable(),
  openedBy: z.string(),
  openedAt: timeShape,
  decidedAt: timeShape.nullable(),
  closedAt: timeShape.nullable(),
  verdict: z.enum(findings).nullable(),
  signals: z.number().int(),
  /** weights of its signals together, at most 100 */
  suspicion: z.number().int(),
  /** openings that wait for a second person or for their time */
  waiting: z.number().int(),
})
export type CaseView = z.infer<typeof caseShape>

export const caseEventShape = z.object({
  id: z.number().int(),
  at: timeShape,
  actor: z.string(),
  kind: z.enum(caseEventKinds),
  text: z.string(),
})
export type CaseEvent = z.infer<typeof caseEventShape>

/** The way of one sample to be opened: bound to this sample, this case and this reason; used once. */
export const openingShape = z.object({
  id: z.number().int(),
  case: z.number().int(),
  sample: z.string(),
  state: z.enum(openingStates),
  reason: z.string(),
  /** why it is opened although the suspicion is below the threshold */
  override: z.string().nullable(),
  requestedBy: z.string(),
  requestedAt: timeShape,
  /** the second person; null where a delay stands in for one */
  approvedBy: z.string().nullable(),
  approvedAt: timeShape.nullable(),
  /** not before; null while it waits for a second person */
  opensAt: timeShape.nullable(),
  expiresAt: timeShape,
  openedAt: timeShape.nullable(),
})
export type OpeningView = z.infer<typeof openingShape>

/** Why a sample cannot be opened now, in the order in which it has to be put right. Empty: it can be requested. */
export const obstacleShape = z.object({
  kind: z.enum(['case closed', 'role', 'suspicion', 'requested', 'second person', 'delay', 'expired', 'seal key']),
  text: z.string(),
})

export const caseSampleShape = sampleShape.extend({
  /** 0 to 100; null when it was not scored */
  score: z.number().nullable(),
  /** the latest opening on this case */
  opening: openingShape.nullable(),
  obstacles: z.array(obstacleShape),
})
export type CaseSample = z.infer<typeof caseSampleShape>

export const actionShape = z.object({
  id: z.number().int(),
  case: z.number().int(),
  kind: z.enum(actionKinds),
  /** messages an hour, for `throttle` */
  perHour: z.number().int().nullable(),
  reason: z.string(),
  by: z.string(),
  at: timeShape,
  /** the letter to the account, as it was sent; null when none was */
  letter: z.object({ subject: z.string(), text: z.string(), message: z.string().nullable() }).nullable(),
  undoneBy: z.string().nullable(),
  undoneAt: timeShape.nullable(),
  canUndo: z.boolean(),
})
export type ActionView = z.infer<typeof actionShape>

export const caseDetailShape = caseShape.extend({
  events: z.array(caseEventShape),
  samples: z.array(caseSampleShape),
  actions: z.array(actionShape),
  /** suspicion needed to open a sample without an override */
  threshold: z.number().int(),
  /** whether an opening needs a second person now; else it waits `delayHours` */
  secondPerson: z.boolean(),
  delayHours: z.number(),
  /** whether the seal key lies behind a passphrase, to be given at each opening */
  passphrase: z.boolean(),
})
export type CaseDetail = z.infer<typeof caseDetailShape>

const actionInput = z.object({
  id,
  kind: z.enum(actionKinds),
  perHour: z.number().int().min(1).max(100_000).optional(),
  reason,
  /** what is sent to the account's contact; left out: no letter */
  letter: z
    .object({ subject: z.string().trim().min(1).max(200), text: z.string().trim().min(1).max(10_000) })
    .optional(),
})

/** What waits at the review desk. */
export const requestListStateShape = z.object({
  /** cases that are not closed */
  active: z.number().int(),
  /** those nobody has taken yet */
  unowned: z.number().int(),
  /** openings that wait for a second person, for their time, or to be used; oldest first, at most 200 */
  openings: z.array(openingShape.extend({ account: z.string(), needsSecond: z.boolean() })),
})
export type WaitingOpening = z.infer<typeof requestListStateShape>['openings'][number]

export const cases = {
  desk: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/review-desk', summary: 'What waits at the review desk' })
    .output(requestListStateShape),
  list: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/cases', summary: 'Cases, those that wait longest first' })
    .input(
      z.object({
        /** `active`: not closed */
        status: z.enum([...caseStatuses, 'active']).optional(),
        account: z.string().max(64).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
        cursor: cursorShape.optional(),
      }),
    )
    .output(z.object({ cases: z.array(caseShape), next: cursorShape.nullable() })),
  get: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/cases/{id}', summary: 'One case with its evidence' })
    .input(z.object({ id }))
    .output(caseDetailShape),
  open: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/cases', summary: 'Open a case on an account', successStatus: 201 })
    .input(
      z.object({
        account: z.string().max(64),
        reason: z.string().max(40),
        note: reason,
        signals: z.array(id).max(500).default([]),
      }),
    )
    .output(caseShape),
  addSignals: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/cases/{id}/signals', summary: 'Attach signals as evidence' })
    .input(z.object({ id, signals: z.array(id).min(1).max(500) }))
    .output(caseShape),
  assign: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/cases/{id}/owner', summary: 'Take a case, or give it to a reviewer' })
    .input(z.object({ id, owner: z.string().max(320) }))
    .output(caseShape),
  note: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/cases/{id}/notes', summary: 'Write a note', successStatus: 201 })
    .input(z.object({ id, text: z.string().trim().min(1).max(4000) }))
    .output(caseEventShape),
  decide: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/cases/{id}/verdict', summary: 'Give the verdict' })
    .input(z.object({ id, verdict: z.enum(findings), note: reason }))
    .output(caseShape),
  close: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/cases/{id}/close', summary: 'Close a decided case' })
    .input(z.object({ id, note: z.string().trim().max(1000).default('') }))
    .output(caseShape),
  /** For an appeal, or new evidence. */
  reopen: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/cases/{id}/reopen', summary: 'Open a closed case again' })
    .input(z.object({ id, reason }))
    .output(caseShape),
  /** What an action would do, and the letter drafted for it. Nothing is changed. */
  previewAction: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'read' })
    .route({ method: 'POST', path: '/cases/{id}/actions/preview', summary: 'What an action would do' })
    .input(actionInput.omit({ letter: true, reason: true }).extend({ reason: z.string().trim().max(1000).default('') }))
    .output(
      z.object({
        /** in words, with counts */
        effects: z.array(z.string()),
        letter: z.object({ to: z.string(), subject: z.string(), text: z.string() }).nullable(),
      }),
    ),
  act: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/cases/{id}/actions', summary: 'Carry out an action', successStatus: 201 })
    .input(actionInput)
    .output(actionShape),
  undo: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/actions/{id}/undo', summary: 'Undo an action' })
    .input(z.object({ id, reason }))
    .output(actionShape),
  reasons: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/case-reasons', summary: 'Reasons out of the terms of service' })
    .output(z.array(caseReasonShape)),
  setReasons: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/case-reasons', summary: 'Replace the list of reasons' })
    .input(z.object({ reasons: z.array(caseReasonShape).min(1).max(50), reason }))
    .output(z.array(caseReasonShape)),
}
