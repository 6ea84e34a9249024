/** The account holder's panel: everything is about the caller's own account. No call takes an account's name. */

import { z } from 'zod'
import { requestKinds } from '../model/request.ts'
import { messageDetailShape } from './messages.ts'
import { consentShape, policyVersionShape, sharedWithShape } from './policy.ts'
import { procedure } from './procedure.ts'
import { exportShape, requestShape } from './requests.ts'
import { cursorShape, messageFilterShape, messageIdShape, messageSummaryShape, timeShape } from './shapes.ts'

const id = z.coerce.number().int().positive()

export const portalAccountShape = z.object({
  name: z.string(),
  contact: z.string(),
  status: z.enum(['active', 'suspended', 'closed']),
  statusReason: z.string(),
  trusted: z.boolean(),
  domains: z.array(z.string()),
  /** days its header records are kept */
  keepDays: z.number().int(),
  createdAt: timeShape,
  /** credentials by kind and name; never a secret */
  credentials: z.array(z.object({ kind: z.enum(['password', 'address']), name: z.string(), status: z.string() })),
  /** a request for trust that waits for a decision */
  trustRequestedAt: timeShape.nullable(),
  /** when it was last decided whether samples are stored */
  trustDecidedAt: timeShape.nullable(),
})
export type PortalAccount = z.infer<typeof portalAccountShape>

export const portalRequestShape = requestShape.pick({
  id: true,
  kind: true,
  track: true,
  subject: true,
  receivedAt: true,
  dueAt: true,
  extended: true,
  state: true,
  outcome: true,
  closedAt: true,
})
export type PortalRequest = z.infer<typeof portalRequestShape>

/** What was looked at in samples of the account's mail. */
export const portalReportShape = z.object({
  /** samples stored at present */
  stored: z.number().int(),
  opened: z.number().int(),
  openings: z.array(z.object({ at: timeShape, message: z.string(), case: z.number().int(), reason: z.string() })),
  /** openings by one person alone that are to be: their time */
  announced: z.array(z.object({ opensAt: timeShape, message: z.string(), case: z.number().int(), reason: z.string() })),
})
export type PortalReport = z.infer<typeof portalReportShape>

export const own = {
  account: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/account', summary: 'The own account' })
    .output(portalAccountShape),
  messages: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/messages', summary: 'Header log of the own account, newest first' })
    .input(
      z.object({
        filter: messageFilterShape.omit({ account: true }).default({}),
        limit: z.coerce.number().int().min(1).max(1000).default(50),
        cursor: cursorShape.optional(),
      }),
    )
    .output(
      z.object({
        items: z.array(messageSummaryShape),
        next: cursorShape.nullable(),
        partial: z.boolean(),
        /** as in the header log of everybody */
        unreadable: z.array(z.string()),
      }),
    ),
  message: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/messages/{id}', summary: 'One message of the own account' })
    .input(z.object({ id: messageIdShape }))
    .output(messageDetailShape),
  report: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/report', summary: 'Samples of own mail that were opened' })
    .output(portalReportShape),
  requests: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/requests', summary: 'Own requests' })
    .output(z.array(portalRequestShape)),
  request: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/requests/{id}', summary: 'One of the own requests' })
    .input(z.object({ id }))
    .output(
      portalRequestShape.extend({
        text: z.string(),
        /** what the account holder may know of what happened */
        events: z.array(z.object({ at: timeShape, text: z.string() })),
        receipts: z.array(z.number().int()),
        dataExports: z.array(exportShape),
      }),
    ),
  /** About own data, or, with the address of a third party, an order on its behalf. */
  openRequest: procedure({ roles: ['member'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/portal/requests', summary: 'Open a request', successStatus: 201 })
    .input(
      z.object({
        kind: z.enum(requestKinds),
        /** address of the third party; left out: about own data */
        subject: z.string().trim().min(3).max(320).optional(),
        text: z.string().max(20_000).default(''),
        correction: z.string().max(2000).default(''),
        suppress: z.boolean().default(false),
        /** number of the third party's request, as the forwarding letter gave it */
        parent: id.optional(),
      }),
    )
    .output(portalRequestShape),
  withdrawRequest: procedure({ roles: ['member'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/portal/requests/{id}/withdraw', summary: 'Withdraw an own request' })
    .input(z.object({ id }))
    .output(portalRequestShape),
  /** A link to a package of an own request, and its passphrase; told once. */
  takeExport: procedure({ roles: ['member'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/portal/packages/{id}', summary: 'Take a package of an own request' })
    .input(z.object({ id }))
    .output(z.object({ path: z.string(), passphrase: z.string(), expiresAt: timeShape })),
  /** Asks that no samples of own mail be stored; an admin decides. */
  requestTrust: procedure({ roles: ['member'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/portal/trust', summary: 'Ask that no samples be stored' })
    .input(z.object({ reason: z.string().trim().min(1).max(1000) }))
    .output(portalAccountShape),
  policy: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/policy', summary: 'The policy in force, and what is announced' })
    .output(z.object({ current: policyVersionShape, announced: policyVersionShape.nullable() })),
  sharing: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/sharing', summary: 'Who data is shared with' })
    .output(z.array(sharedWithShape)),
  consents: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/consents', summary: 'Own consent to mailings' })
    .output(z.array(consentShape)),
  setConsent: procedure({ roles: ['member'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/portal/consents', summary: 'Give or withdraw consent to mailings' })
    .input(z.object({ purpose: z.string().trim().min(1).max(100), given: z.boolean() }))
    .output(z.array(consentShape)),
  /** Purposes of mailings there are to consent to. */
  purposes: procedure({ roles: ['member'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/portal/purposes', summary: 'Purposes of mailings' })
    .output(z.array(z.string())),
}
