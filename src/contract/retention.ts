/** The promise about how long things stay: live checks, what goes when, receipts of what went, legal holds. */

import { z } from 'zod'
import { procedure, staff } from './procedure.ts'
import { cursorShape, timeShape } from './shapes.ts'

/** UTC day, `YYYY-MM-DD` */
export const dayShape = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const reason = z.string().trim().min(1).max(1000)

/** One sentence of the policy, and whether it holds right now. */
export const checkShape = z.object({
  /** such as `headers.age` */
  id: z.string(),
  /** the promise, in words */
  sentence: z.string(),
  /** what was found, in words: `oldest record 69 d 4 h, limit 70 d` */
  value: z.string(),
  state: z.enum(['ok', 'warning', 'broken']),
  checkedAt: timeShape,
})
export type CheckView = z.infer<typeof checkShape>

/** A day that is kept, or (with `kept`) what would stay of it. */
export const retainedDayShape = z.object({
  day: dayShape,
  headers: z.number().int(),
  samples: z.number().int(),
  /** size on disk of its files */
  bytes: z.number().int(),
  oldestAt: timeShape.nullable(),
  youngestAt: timeShape.nullable(),
  /** when the whole day is destroyed */
  goesAt: timeShape,
  /** records of it under a legal hold */
  held: z.number().int(),
})
export type RetainedDay = z.infer<typeof retainedDayShape>

/** A wall clock that leapt forward while the relay ran; nothing is destroyed before a person has answered. */
export const clockQuestionShape = z.object({
  noticedAt: timeShape,
  /** what the clock should have said */
  expected: timeShape,
  /** what it said */
  found: timeShape,
  /** header records that are hidden and would be destroyed if the clock is right */
  headers: z.number().int(),
})

export const retentionOverviewShape = z.object({
  policy: z.object({
    /** days, at most 70 */
    days: z.number().int(),
    samplePerBlock: z.number().int(),
  }),
  lastRun: timeShape.nullable(),
  nextRun: timeShape.nullable(),
  oldestHeader: timeShape.nullable(),
  oldestSample: timeShape.nullable(),
  overdue: z.number().int(),
  /** sentences for a person; empty when all is well */
  alarms: z.array(z.string()),
  clock: clockQuestionShape.nullable(),
  checks: z.array(checkShape),
  /** newest first */
  days: z.array(retainedDayShape),
  held: z.object({ headers: z.number().int(), samples: z.number().int() }),
})
export type RetentionOverview = z.infer<typeof retentionOverviewShape>

/** What a run at a moment would destroy. Nothing is changed. */
export const retentionPlanShape = z.object({
  at: timeShape,
  days: z.array(
    z.object({
      day: dayShape,
      headers: z.number().int(),
      samples: z.number().int(),
      bytes: z.number().int(),
      /** records of it that stay: under a hold, or not finished yet */
      stillHeld: z.number().int(),
      stillLive: z.number().int(),
    }),
  ),
  headers: z.number().int(),
  samples: z.number().int(),
  bytes: z.number().int(),
})
export type RetentionPlan = z.infer<typeof retentionPlanShape>

/** A signed record of a deletion. */
export const receiptShape = z.object({
  id: z.number().int(),
  kind: z.enum(['retention', 'samples', 'hold', 'erasure']),
  /** the day that went; null when the deletion was not of one day */
  day: dayShape.nullable(),
  headers: z.number().int(),
  samples: z.number().int(),
  bodies: z.number().int(),
  /** SHA-256, hex, over the ids of the header records that went (of the samples, where none did): ascending, eight bytes big-endian each */
  digest: z.string(),
  bytesBefore: z.number().int(),
  bytesAfter: z.number().int(),
  /** files without a catalogue entry that were swept in the same run */
  orphans: z.number().int(),
  at: timeShape,
  /** Ed25519 over the receipt, base64 */
  signature: z.string(),
  /** whether the signature and its place in the audit log were found right just now */
  valid: z.boolean(),
})
export type ReceiptView = z.infer<typeof receiptShape>

/** What a legal hold covers. */
export const holdScopeShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('account'), account: z.string().max(64) }),
  z.object({ kind: z.literal('address'), address: z.string().max(320) }),
  z.object({ kind: z.literal('period'), since: timeShape, until: timeShape }),
  z.object({ kind: z.literal('message'), message: z.string().max(40) }),
])
export type HoldScopeInput = z.infer<typeof holdScopeShape>

export const holdShape = z.object({
  id: z.number().int(),
  scope: holdScopeShape,
  reason: z.string(),
  /** who placed it */
  placedBy: z.string(),
  placedAt: timeShape,
  releasedBy: z.string().nullable(),
  releasedAt: timeShape.nullable(),
  releaseReason: z.string().nullable(),
  /** header records that survived their day because of it */
  headers: z.number().int(),
})
export type HoldView = z.infer<typeof holdShape>

export const retention = {
  overview: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/retention', summary: 'The promise, checked now' })
    .output(retentionOverviewShape),
  /** `at`: now when left out. `days`: as if the policy said so many. */
  plan: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/retention/plan', summary: 'What a run would destroy (dry run)' })
    .input(z.object({ at: timeShape.optional(), days: z.coerce.number().int().min(1).max(70).optional() }))
    .output(retentionPlanShape),
  run: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/retention/run', summary: 'Destroy what is overdue now' })
    .output(z.object({ receipts: z.array(receiptShape) })),
  receipts: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/retention/receipts', summary: 'Receipts of deletions, newest first' })
    .input(
      z.object({
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        cursor: cursorShape.optional(),
      }),
    )
    .output(z.object({ receipts: z.array(receiptShape), next: cursorShape.nullable() })),
  /** `right`: the clock is right, what is overdue may go. Else the time it jumped to is not believed. */
  answerClock: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/retention/clock', summary: 'Answer whether a clock that leapt forward is right' })
    .input(z.object({ right: z.boolean(), reason }))
    .output(z.object({ answered: z.literal(true) })),
  /** Days are at most 70 and can only be shortened for what is already kept. */
  setDays: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/retention/days', summary: 'Set how many days header records and samples are kept' })
    .input(z.object({ days: z.number().int().min(1).max(70), reason }))
    .output(z.object({ days: z.number().int() })),
  holds: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/retention/holds', summary: 'Legal holds, newest first' })
    .output(z.array(holdShape)),
  placeHold: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/retention/holds', summary: 'Place a legal hold', successStatus: 201 })
    .input(z.object({ scope: holdScopeShape, reason }))
    .output(holdShape),
  releaseHold: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/retention/holds/{id}/release', summary: 'Release a legal hold' })
    .input(z.object({ id: z.coerce.number().int(), reason }))
    .output(holdShape),
}
