/** The opening of sealed samples: only from a case, for a reason, with a second person or a delay; once. */

import { z } from 'zod'
import { openingShape } from './cases.ts'
import { procedure } from './procedure.ts'
import { timeShape } from './shapes.ts'

const id = z.coerce.number().int().positive()
const reason = z.string().trim().min(1).max(1000)

/** An attachment as it is shown: never its content. */
export const attachmentShape = z.object({
  name: z.string(),
  type: z.string(),
  size: z.number().int(),
  /** SHA-256, hex */
  sha256: z.string(),
})

/** A sample's content, for the eyes of one person and ten minutes. Nothing of it may be kept. */
export const viewShape = z.object({
  opening: openingShape,
  /** when the viewer closes by itself */
  until: timeShape,
  /** who looks, and when: shown across the content */
  watermark: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  text: z.string(),
  /** null when there is no HTML part; to be sanitised before it is shown */
  html: z.string().nullable(),
  attachments: z.array(attachmentShape),
  /** in words, when the message was too large or too deep to be shown whole */
  limits: z.array(z.string()),
})
export type SampleContentView = z.infer<typeof viewShape>

export const caseSettingsShape = z.object({
  /** `auto`: as soon as two people may review */
  secondPerson: z.enum(['auto', 'always']),
  /** waiting time that stands in for a second person, hours */
  delayHours: z.number().int().min(1).max(168),
  /** how long an approval is good for, hours */
  approvalHours: z.number().int().min(1).max(168),
  viewMinutes: z.number().int().min(1).max(60),
  /** suspicion from which a sample may be opened without an override, 0 to 100 */
  threshold: z.number().int().min(0).max(100),
  /** weight of an account's new signals of a day from which its mail is held by itself; 0: never */
  brake: z.number().int().min(0).max(10_000),
})
export type CaseSettings = z.infer<typeof caseSettingsShape>

// no token will do: what is sealed is opened by someone who is there, in the console
export const openings = {
  request: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/openings', summary: 'Ask for a sample to be opened', successStatus: 201 })
    .input(z.object({ case: id, sample: z.string().max(40), reason, override: reason.optional() }))
    .output(openingShape),
  approve: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/openings/{id}/approve', summary: 'Approve an opening as the second person' })
    .input(z.object({ id }))
    .output(openingShape),
  refuse: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/openings/{id}/refuse', summary: 'Refuse an opening' })
    .input(z.object({ id, reason }))
    .output(openingShape),
  /** By who asked or who approved, as long as it was not used. */
  revoke: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/openings/{id}/revoke', summary: 'Take an opening back' })
    .input(z.object({ id, reason }))
    .output(openingShape),
  /** Opens the sample, once, for who asked. The passphrase of the seal key where it has one. */
  view: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/openings/{id}/view', summary: 'Open the sample' })
    .input(z.object({ id, passphrase: z.string().max(1000).optional() }))
    .output(viewShape),
  policy: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'none' })
    .route({ method: 'GET', path: '/review-policy', summary: 'The policy of review' })
    .output(caseSettingsShape),
  setPolicy: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({ method: 'PUT', path: '/review-policy', summary: 'Change the policy of review' })
    .input(caseSettingsShape.extend({ reason }))
    .output(caseSettingsShape),
  /** How many samples of an account exist and were opened, when, and under which reason. */
  report: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'none' })
    .route({ method: 'GET', path: '/accounts/{name}/access-report', summary: 'Access report of an account' })
    .input(z.object({ name: z.string().min(1).max(64) }))
    .output(
      z.object({
        account: z.string(),
        at: timeShape,
        samples: z.number().int(),
        /** openings without a second person that wait for their time */
        announced: z.array(
          z.object({ opensAt: timeShape, sample: z.string(), case: z.number().int(), reason: z.string() }),
        ),
        openings: z.array(
          z.object({
            at: timeShape,
            sample: z.string(),
            acceptedAt: timeShape,
            case: z.number().int(),
            reason: z.string(),
          }),
        ),
      }),
    ),
}
