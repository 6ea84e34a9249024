/** Sealed samples, as they may be seen without opening any: never content. */

import { z } from 'zod'
import { procedure } from './procedure.ts'
import { cursorShape, timeShape } from './shapes.ts'

export const sampleShape = z.object({
  /** the message's id in its written form: a message has at most one sample */
  id: z.string(),
  message: z.string(),
  account: z.string(),
  /** 1000 messages of the account each: 0, 1, … */
  block: z.number().int(),
  /** place in the block, 0 to 999 */
  position: z.number().int(),
  acceptedAt: timeShape,
  keepUntil: timeShape,
  size: z.number().int(),
  /** domains of its recipients */
  domains: z.array(z.string()),
  flagged: z.boolean(),
  held: z.boolean(),
  /** the newest case under review that asks for it, or whose evidence names its message */
  case: z.number().int().nullable(),
})
export type SampleView = z.infer<typeof sampleShape>

export const samples = {
  list: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/samples', summary: 'Sealed samples, newest first: never content' })
    .input(
      z.object({
        account: z.string().max(64).optional(),
        flagged: z.coerce.boolean().optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        cursor: cursorShape.optional(),
      }),
    )
    .output(z.object({ samples: z.array(sampleShape), next: cursorShape.nullable() })),
}
