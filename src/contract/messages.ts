/** The 70-day header log. */

import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './procedure.ts'
import {
  cursorShape,
  messageFilterShape,
  messageIdShape,
  messageSummaryShape,
  stateShape,
  timeShape,
} from './shapes.ts'

export const attemptShape = z.object({
  startedAt: timeShape,
  endedAt: timeShape.nullable(),
  destination: z.string(),
  tls: z.string().nullable(),
  code: z.number().int().nullable(),
  enhancedCode: z.string().nullable(),
  reply: z.string().nullable(),
  inDoubt: z.boolean(),
  transcript: z.string(),
})

export const deliveryShape = z.object({
  ordinal: z.number().int(),
  recipient: z.string(),
  destination: z.string(),
  state: stateShape,
  reason: z.string(),
  nextAttemptAt: timeShape.nullable(),
  inDoubt: z.boolean(),
  attempts: z.array(attemptShape),
})
export type DeliveryView = z.infer<typeof deliveryShape>

export const messageDetailShape = messageSummaryShape.extend({
  /** raw header block */
  headers: z.string(),
  envelope: z.object({
    smtputf8: z.boolean(),
    body: z.enum(['7bit', '8bitmime']),
    ret: z.enum(['full', 'hdrs']).nullable(),
    envid: z.string().nullable(),
  }),
  deliveries: z.array(deliveryShape),
  /** when the queue gives up on what is unfinished; null when everything is final */
  givesUpAt: timeShape.nullable(),
})
export type MessageDetailView = z.infer<typeof messageDetailShape>

export const messages = {
  /** One page, newest first. */
  list: procedure({ roles: ['admin', 'operator', 'reviewer'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/messages', summary: 'Search the header log, newest first' })
    .input(
      z.object({
        filter: messageFilterShape.default({}),
        limit: z.coerce.number().int().min(1).max(1000).default(50),
        cursor: cursorShape.optional(),
      }),
    )
    .output(
      z.object({
        items: z.array(messageSummaryShape),
        /** pass to get the next, older page; null when there is none */
        next: cursorShape.nullable(),
        /** true when the search stopped at its time limit before the page was full; `next` goes on from there */
        partial: z.boolean(),
        /** days of which records may be missing here, because their file was damaged or lost; `held`: kept by holds */
        unreadable: z.array(z.string()),
      }),
    ),
  get: procedure({ roles: ['admin', 'operator', 'reviewer'], tokenScope: 'read' })
    .route({
      method: 'GET',
      path: '/messages/{id}',
      summary: 'One message: headers, deliveries, attempts with transcripts',
    })
    .input(z.object({ id: messageIdShape }))
    .output(messageDetailShape),
  /**
   * Live tail: after commits, the messages that are new or whose status changed and that match the filter, in batches
   * at most four times a second. `missed` counts changes left out because the reader was too slow: reload then.
   */
  tail: procedure({ roles: ['admin', 'operator'], tokenScope: 'read' })
    .input(z.object({ filter: messageFilterShape.default({}) }))
    .output(eventIterator(z.object({ items: z.array(messageSummaryShape), missed: z.number().int() }))),
  /** Begins an export, which is recorded in the audit log. Its pages are read with `list`. */
  export: procedure({ roles: ['admin', 'operator'], tokenScope: 'full' })
    .route({
      method: 'POST',
      path: '/messages/export',
      summary: 'Begin an export of the header log',
      successStatus: 201,
    })
    .input(z.object({ filter: messageFilterShape.default({}), form: z.enum(['csv', 'jsonl']) }))
    .output(z.object({ recorded: z.literal(true) })),
  /** Sends a real test message through the relay's own SMTP listener. */
  sendTest: procedure({ roles: ['admin', 'operator'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/messages/test', summary: 'Submit a test message through the SMTP listener' })
    .input(z.object({ username: z.string(), password: z.string(), from: z.string(), to: z.string() }))
    .output(z.object({ id: messageIdShape, reply: z.string() })),
}
