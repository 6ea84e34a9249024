/** Trust: the decision to store no samples of an account's mail. Asked for, reasoned, decided, looked at again. */

import { z } from 'zod'
import { procedure, staff } from './procedure.ts'
import { timeShape } from './shapes.ts'

/** What the decision is made on. Rates are shares, 0 to 1; null where there is nothing to divide. */
export const criteriaShape = z.object({
  /** since the account was added */
  ageDays: z.number().int(),
  /** last 30 days */
  messages: z.number().int(),
  deliveries: z.number().int(),
  /** failed for an unknown mailbox or domain */
  bounces: z.number().int(),
  bounceRate: z.number().nullable(),
  complaints: z.number().int(),
  /** complaints a message */
  complaintRate: z.number().nullable(),
  /** one number a day for 30 days, oldest first */
  volume: z.array(z.number().int()),
  /** samples stored at present */
  samples: z.number().int(),
  /** cases so far, by verdict; null in decisions from before they were counted */
  cases: z
    .object({
      breach: z.number().int(),
      noBreach: z.number().int(),
      unclear: z.number().int(),
      /** still under review */
      undecided: z.number().int(),
    })
    .nullable(),
})
export type Criteria = z.infer<typeof criteriaShape>

/** Where trust ends by itself. */
export const thresholdsShape = z.object({
  bounceRate: z.number().min(0).max(1),
  complaintRate: z.number().min(0).max(1),
  /** below so many messages in 30 days a rate says nothing: then the counts decide */
  leastMessages: z.number().int().min(1),
})
export type Thresholds = z.infer<typeof thresholdsShape>

export const trustDecisionShape = z.object({
  id: z.number().int(),
  account: z.string(),
  decision: z.enum(['on', 'off']),
  /** who asked for it, as told: a person of the account, a letter, … */
  requestedBy: z.string(),
  reason: z.string(),
  /** as they were at the decision */
  criteria: criteriaShape,
  /** e-mail of the admin; `system` when trust ended by itself */
  decidedBy: z.string(),
  decidedAt: timeShape,
  reviewAt: timeShape.nullable(),
  /** what became of the samples stored then */
  samples: z.enum(['keep', 'destroy']),
  /** of the samples that were destroyed */
  receipt: z.number().int().nullable(),
  samplesDestroyed: z.number().int(),
  /** samples that were to be destroyed, and stay because of a legal hold */
  samplesHeld: z.number().int(),
})
export type TrustDecision = z.infer<typeof trustDecisionShape>

export const trustShape = z.object({
  account: z.string(),
  trusted: z.boolean(),
  /** past its review date */
  reviewDue: z.boolean(),
  criteria: criteriaShape,
  thresholds: thresholdsShape,
  /** thresholds that are crossed now, in words */
  crossed: z.array(z.string()),
  /** what the account holder asked for, while nobody has decided; null otherwise */
  requested: z.object({ by: z.string(), reason: z.string(), at: timeShape }).nullable(),
  /** newest first */
  history: z.array(trustDecisionShape),
})
export type TrustView = z.infer<typeof trustShape>

export const complaintShape = z.object({
  id: z.number().int(),
  at: timeShape,
  /** who told of it: `person`, or `feedback` for a report that came by mail */
  source: z.string(),
  /** the message it is about, when it is known */
  message: z.string().nullable(),
  note: z.string(),
})
export type ComplaintView = z.infer<typeof complaintShape>

const name = z.string().min(1).max(64)
const reason = z.string().trim().min(1).max(1000)

export const trust = {
  get: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/accounts/{name}/trust', summary: 'Trust of an account: criteria and history' })
    .input(z.object({ name }))
    .output(trustShape),
  /** `reviewAt` is needed for `on`: at most a year ahead. */
  decide: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/accounts/{name}/trust', summary: 'Decide about trust', successStatus: 201 })
    .input(
      z.object({
        name,
        decision: z.enum(['on', 'off']),
        requestedBy: z.string().trim().max(320).default(''),
        reason,
        reviewAt: timeShape.optional(),
        samples: z.enum(['keep', 'destroy']).default('keep'),
      }),
    )
    .output(trustDecisionShape),
  thresholds: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/trust/thresholds', summary: 'Where trust ends by itself' })
    .output(thresholdsShape),
  setThresholds: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/trust/thresholds', summary: 'Set where trust ends by itself' })
    .input(thresholdsShape.extend({ reason }))
    .output(thresholdsShape),
  complaints: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/accounts/{name}/complaints', summary: 'Complaints, newest first, at most 200' })
    .input(z.object({ name }))
    .output(z.array(complaintShape)),
  /** A complaint that came by letter, telephone or mail, entered by a person. */
  addComplaint: procedure({ roles: ['admin', 'operator', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/accounts/{name}/complaints', summary: 'Enter a complaint', successStatus: 201 })
    .input(
      z.object({
        name,
        /** the message it is about, when it is known */
        message: z.string().max(40).optional(),
        note: reason,
      }),
    )
    .output(z.object({ id: z.number().int() })),
}
