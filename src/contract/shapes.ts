/** Shapes that several features share. Times are ISO 8601 UTC on the outside, sizes bytes. */

import { z } from 'zod'
import { deliveryStates } from '../model/delivery.ts'

export const timeShape = z.iso.datetime()
export const stateShape = z.enum(deliveryStates)
export const statusShape = z.enum([...deliveryStates, 'mixed'])
/** a message id in its written form */
export const messageIdShape = z.string().max(40)
export const cursorShape = z.string().max(400)

export const clientShape = z.object({
  address: z.string(),
  helo: z.string(),
  tls: z.string().nullable(),
})

export const messageSummaryShape = z.object({
  id: messageIdShape,
  /** account name */
  account: z.string(),
  /** credential name; null for mail of the relay itself */
  credential: z.string().nullable(),
  acceptedAt: timeShape,
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  messageId: z.string(),
  size: z.number().int(),
  status: statusShape,
  keepUntil: timeShape,
  sampled: z.boolean(),
  /** kept beyond its day by a legal hold */
  held: z.boolean(),
  inDoubt: z.boolean(),
  client: clientShape,
})
export type MessageSummary = z.infer<typeof messageSummaryShape>

export const messageFilterShape = z.object({
  text: z.string().max(400).optional(),
  from: z.string().max(400).optional(),
  to: z.string().max(400).optional(),
  account: z.string().max(64).optional(),
  subject: z.string().max(400).optional(),
  id: messageIdShape.optional(),
  messageId: z.string().max(998).optional(),
  status: statusShape.optional(),
  ip: z.string().max(64).optional(),
  since: timeShape.optional(),
  until: timeShape.optional(),
  largerThan: z.number().int().nonnegative().optional(),
  smallerThan: z.number().int().nonnegative().optional(),
  inDoubt: z.boolean().optional(),
})
export type MessageFilterInput = z.infer<typeof messageFilterShape>
