/** Accounts and their credentials. */

import { z } from 'zod'
import { procedure, staff } from './procedure.ts'
import { timeShape } from './shapes.ts'

export const credentialShape = z.object({
  id: z.number().int(),
  kind: z.enum(['password', 'address']),
  /** user name, or address range in CIDR form */
  name: z.string(),
  status: z.enum(['allowed', 'held', 'blocked']),
  hourlyLimit: z.number().int().nullable(),
  createdAt: timeShape,
})
export type CredentialView = z.infer<typeof credentialShape>

export const accountShape = z.object({
  name: z.string(),
  contact: z.string(),
  status: z.enum(['active', 'suspended', 'closed']),
  /** why it is suspended or closed; empty while it is active */
  statusReason: z.string(),
  /** `held`: the review desk holds its mail; it is accepted, and waits for a decision */
  outgoing: z.enum(['flow', 'held']),
  /** messages an hour, over all its credentials; null for no limit */
  hourlyLimit: z.number().int().nullable(),
  /** whether no samples are stored of its mail */
  trusted: z.boolean(),
  /** days its header records are kept, when fewer than the policy's */
  keepDays: z.number().int().nullable(),
  domains: z.array(z.string()),
  credentials: z.array(credentialShape),
  createdAt: timeShape,
})
export type AccountView = z.infer<typeof accountShape>

/** How an account's mail did in the last 30 days. Rates are shares, 0 to 1; null where there is nothing to divide. */
export const accountFiguresShape = z.object({
  account: z.string(),
  messages: z.number().int(),
  /** messages of each of 30 days, oldest first */
  volume: z.array(z.number().int()),
  /** failed for an unknown mailbox or domain, a delivery */
  bounceRate: z.number().nullable(),
  complaints: z.number().int(),
  /** complaints a message */
  complaintRate: z.number().nullable(),
  /** samples stored at present */
  samples: z.number().int(),
  /** trusted, and past its review date */
  reviewDue: z.boolean(),
  /** the account holder asked for trust, and nobody has decided */
  trustRequested: z.boolean(),
})
export type AccountFigures = z.infer<typeof accountFiguresShape>

const name = z.string().min(1).max(64)

export const accounts = {
  list: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/accounts', summary: 'All accounts' })
    .output(z.array(accountShape)),
  get: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/accounts/{name}', summary: 'One account' })
    .input(z.object({ name }))
    .output(accountShape),
  /** For every account at once, in the order of `list`. */
  figures: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/figures', summary: 'Volume, bounces and complaints of all accounts' })
    .output(z.array(accountFiguresShape)),
  add: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/accounts', summary: 'Add an account', successStatus: 201 })
    .input(z.object({ name, contact: z.string().max(320), domains: z.array(z.string().max(255)).default([]) }))
    .output(accountShape),
  setDomains: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/accounts/{name}/domains', summary: 'Replace the sender domains of an account' })
    .input(z.object({ name, domains: z.array(z.string().max(255)) }))
    .output(accountShape),
  /** A suspended account's mail is refused with the reason; what is queued stays queued. */
  setStatus: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/accounts/{name}/status', summary: 'Suspend, resume or close an account' })
    .input(z.object({ name, status: z.enum(['active', 'suspended', 'closed']), reason: z.string().trim().max(1000) }))
    .output(accountShape),
  /** Fewer days than the policy's, for this account; what is kept already is shortened too. Null: the policy's. */
  setKeepDays: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/accounts/{name}/keep-days', summary: 'Shorten retention for an account' })
    .input(
      z.object({ name, days: z.number().int().min(1).max(70).nullable(), reason: z.string().trim().min(1).max(1000) }),
    )
    .output(accountShape),
  /** `password`: name is the user name (default: the account's name); `address`: name is a CIDR range. */
  addCredential: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/accounts/{account}/credentials', summary: 'Add a credential', successStatus: 201 })
    .input(
      z.discriminatedUnion('kind', [
        z.object({
          account: name,
          kind: z.literal('password'),
          username: z.string().max(320).optional(),
          password: z.string().max(1000),
        }),
        z.object({ account: name, kind: z.literal('address'), range: z.string().max(64) }),
      ]),
    )
    .output(credentialShape),
  setCredentialStatus: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/credentials/{id}/status', summary: 'Allow, hold or block a credential' })
    .input(z.object({ id: z.coerce.number().int(), status: z.enum(['allowed', 'held', 'blocked']) }))
    .output(credentialShape),
  removeCredential: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'DELETE', path: '/credentials/{id}', summary: 'Remove a credential' })
    .input(z.object({ id: z.coerce.number().int() }))
    .output(z.object({ removed: z.literal(true) })),
}
