/** The relay's state at a glance. */

import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure, staff } from './procedure.ts'
import { timeShape } from './shapes.ts'

export const statusReportShape = z.object({
  version: z.string(),
  startedAt: timeShape,
  demo: z.boolean(),
  listeners: z.array(
    z.object({ kind: z.enum(['smtp', 'smtps', 'console']), host: z.string(), port: z.number().int() }),
  ),
  /** host name in greetings and Received fields */
  hostname: z.string(),
  certificate: z.object({ selfMade: z.boolean(), subject: z.string(), expiresAt: timeShape, fingerprint: z.string() }),
  queue: z.object({
    queued: z.number().int(),
    sending: z.number().int(),
    deferred: z.number().int(),
    held: z.number().int(),
    inDoubt: z.number().int(),
    oldestSeconds: z.number().int(),
  }),
  /** messages in and deliveries out, per second over the last ten seconds */
  rate: z.object({ in: z.number(), out: z.number() }),
  samples: z.object({ stored: z.number().int() }),
  retention: z.object({
    lastRun: timeShape.nullable(),
    nextRun: timeShape.nullable(),
    oldestHeader: timeShape.nullable(),
    oldestSample: timeShape.nullable(),
    overdue: z.number().int(),
    /** what breaks the promise or may soon, in words; empty when all is well */
    alarms: z.array(z.string()),
  }),
  /** whether mail can be stored: room on the disk, the data folder, the last writes */
  storage: z.object({
    state: z.enum(['well', 'full', 'gone', 'failed']),
    freeBytes: z.number().int(),
    reserveBytes: z.number().int(),
  }),
  requests: z.object({ open: z.number().int(), dueSoon: z.number().int(), overdue: z.number().int() }),
  audit: z.object({ entries: z.number().int(), head: z.string() }),
  /** what a person should know: data set aside at start, a listener that failed, … */
  notices: z.array(z.object({ at: timeShape, text: z.string() })),
})
export type StatusReport = z.infer<typeof statusReportShape>

export const status = {
  get: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/status', summary: 'The state of the relay' })
    .output(statusReportShape),
  /** The same, now and then every two seconds. */
  watch: procedure({ roles: staff, tokenScope: 'read' }).output(eventIterator(statusReportShape)),
}
