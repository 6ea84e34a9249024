/** The queue: what is not yet final. */

import { z } from 'zod'
import { queueActions } from '../model/filter.ts'
import { procedure } from './procedure.ts'
import { cursorShape, messageIdShape, stateShape, timeShape } from './shapes.ts'

/** in the model, so that a screen can have it without the schemas */
export { ageBands } from '../model/ages.ts'

export const queueFilterShape = z.object({
  destination: z.string().max(400).optional(),
  account: z.string().max(64).optional(),
  state: stateShape.optional(),
  reason: z.string().max(2000).optional(),
  domain: z.string().max(255).optional(),
  recipient: z.string().max(400).optional(),
  message: messageIdShape.optional(),
  deliveries: z
    .array(z.object({ message: messageIdShape, ordinal: z.number().int() }))
    .max(1000)
    .optional(),
  inDoubt: z.boolean().optional(),
})

export const queueGroupShape = z.object({
  key: z.string(),
  total: z.number().int(),
  queued: z.number().int(),
  sending: z.number().int(),
  deferred: z.number().int(),
  held: z.number().int(),
  inDoubt: z.number().int(),
  oldestSeconds: z.number().int(),
  /** deliveries by age since acceptance, one count for each of ageBands and one for older */
  ages: z.array(z.number().int()),
  nextAttemptAt: timeShape.nullable(),
  /** the most frequent reason of deferred deliveries of the group */
  topReason: z.string().nullable(),
})
export type QueueGroup = z.infer<typeof queueGroupShape>

export const queueItemShape = z.object({
  message: messageIdShape,
  ordinal: z.number().int(),
  account: z.string(),
  from: z.string(),
  recipient: z.string(),
  subject: z.string(),
  destination: z.string(),
  state: stateShape,
  reason: z.string(),
  acceptedAt: timeShape,
  nextAttemptAt: timeShape.nullable(),
  attempts: z.number().int(),
  inDoubt: z.boolean(),
  size: z.number().int(),
})
export type QueueItem = z.infer<typeof queueItemShape>

const action = z.enum(queueActions)

export const queue = {
  summary: procedure({ roles: ['admin', 'operator'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/queue', summary: 'The queue in groups, oldest first' })
    .input(z.object({ by: z.enum(['destination', 'account', 'reason', 'state']).default('destination') }))
    .output(z.object({ groups: z.array(queueGroupShape), total: z.number().int() })),
  list: procedure({ roles: ['admin', 'operator'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/queue/deliveries', summary: 'Unfinished deliveries, oldest first' })
    .input(
      z.object({
        filter: queueFilterShape.default({}),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        cursor: cursorShape.optional(),
      }),
    )
    .output(z.object({ items: z.array(queueItemShape), next: cursorShape.nullable() })),
  /** What an action would change, without changing it. */
  preview: procedure({ roles: ['admin', 'operator'], tokenScope: 'read' })
    .route({ method: 'POST', path: '/queue/preview', summary: 'Count what an action would change' })
    .input(z.object({ action, filter: queueFilterShape }))
    .output(
      z.object({
        /** deliveries that would change */
        deliveries: z.number().int(),
        messages: z.number().int(),
        /** matching deliveries the action cannot change, such as those being sent right now */
        skipped: z.number().int(),
      }),
    ),
  /** Changes every matching delivery. `reason` is kept with each delivery; cancel needs one. */
  act: procedure({ roles: ['admin', 'operator'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/queue/act', summary: 'Retry, hold, release or cancel deliveries' })
    .input(z.object({ action, filter: queueFilterShape, reason: z.string().max(500).optional() }))
    .output(z.object({ deliveries: z.number().int(), skipped: z.number().int() })),
}
