/** The policy in its versions, consent to mailings, and who data is shared with. */

import { z } from 'zod'
import { procedure, staff } from './procedure.ts'
import { messageIdShape, timeShape } from './shapes.ts'

const id = z.coerce.number().int().positive()
const reason = z.string().trim().min(1).max(1000)

/** What a policy version fixes. */
export const policyContentShape = z.object({
  /** the text as it is shown and mailed; Markdown is not interpreted */
  text: z.string().trim().min(1).max(60_000),
  /** who is responsible for the service */
  owner: z.string().trim().min(1).max(400),
  /** days header records and samples are kept, at most 70 */
  keepDays: z.number().int().min(1).max(70),
})
export type PolicyContent = z.infer<typeof policyContentShape>

export const policyStates = ['draft', 'announced', 'in force', 'replaced', 'withdrawn'] as const

export const policyVersionShape = policyContentShape.extend({
  version: z.number().int(),
  state: z.enum(policyStates),
  preparedBy: z.string(),
  preparedAt: timeShape,
  announcedAt: timeShape.nullable(),
  effectiveAt: timeShape.nullable(),
  reason: z.string(),
})
export type PolicyVersionView = z.infer<typeof policyVersionShape>

/** Evidence that an account was told, from the relay's own log. */
export const policyNoticeShape = z.object({
  account: z.string(),
  /** whether the letter says that a change will take effect, or that it will not after all */
  about: z.enum(['change', 'withdrawal']),
  to: z.string(),
  message: messageIdShape.nullable(),
  /** the state of the delivery, such as `delivered` or `failed`; `waiting` when the letter could not be sent yet */
  state: z.string(),
  at: timeShape.nullable(),
  /** the reply of the next hop */
  reply: z.string(),
})
export type PolicyNotice = z.infer<typeof policyNoticeShape>

export const policyChangeShape = policyVersionShape.extend({
  /** against the version before: lines taken out, put in, and kept */
  diff: z.array(z.object({ kind: z.enum(['same', 'out', 'in']), text: z.string() })),
  /** what it does, in words with counts, as of now */
  effects: z.array(z.string()),
  notices: z.array(policyNoticeShape),
})
export type PolicyChange = z.infer<typeof policyChangeShape>

export const consentShape = z.object({
  id: z.number().int(),
  account: z.string(),
  address: z.string(),
  /** such as `product news` */
  purpose: z.string(),
  givenAt: timeShape,
  /** how it was given, in words */
  source: z.string(),
  withdrawnAt: timeShape.nullable(),
  /** how it was withdrawn: `one-click`, `mail`, `panel`, `by hand` */
  withdrawnBy: z.string().nullable(),
})
export type ConsentView = z.infer<typeof consentShape>

/** One of those the data is shared with. */
export const sharedWithShape = z.object({
  /** name or host */
  who: z.string(),
  /** such as `next hop for *`, `scoring service`, `backup storage` */
  as: z.string(),
  /** what it gets, in words */
  what: z.string(),
  /** on this machine, or elsewhere */
  where: z.enum(['this machine', 'elsewhere']),
})
export type SharedWith = z.infer<typeof sharedWithShape>

export const policy = {
  /** Newest first. The first version is made at the first start. */
  versions: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/policy', summary: 'The policy in its versions' })
    .output(z.array(policyVersionShape)),
  get: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/policy/{version}', summary: 'A version with diff, effect and notices' })
    .input(z.object({ version: id }))
    .output(policyChangeShape),
  prepare: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/policy', summary: 'Prepare a change of the policy', successStatus: 201 })
    .input(policyContentShape.extend({ reason }))
    .output(policyChangeShape),
  revise: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/policy/{version}', summary: 'Revise a draft' })
    .input(policyContentShape.extend({ version: id, reason }))
    .output(policyChangeShape),
  previewNotice: procedure({ roles: ['admin'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/policy/{version}/notice', summary: 'The letter about a change, drafted' })
    .input(z.object({ version: id, effectiveAt: timeShape }))
    .output(z.object({ recipients: z.array(z.string()), subject: z.string(), text: z.string() })),
  /** Mails it to every account's contact; it takes effect at that time by itself. */
  announce: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/policy/{version}/announce', summary: 'Announce a change to every account' })
    .input(z.object({ version: id, effectiveAt: timeShape }))
    .output(policyChangeShape),
  withdraw: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/policy/{version}/withdraw', summary: 'Withdraw a change not yet in force' })
    .input(z.object({ version: id, reason }))
    .output(policyChangeShape),
  sharing: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/sharing', summary: 'Who data is shared with, by the settings in force' })
    .output(z.array(sharedWithShape)),
  consents: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/consents', summary: 'Consent to mailings' })
    .input(z.object({ account: z.string().max(64).optional(), purpose: z.string().max(100).optional() }))
    .output(z.array(consentShape)),
  giveConsent: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/consents', summary: 'Record a consent', successStatus: 201 })
    .input(
      z.object({
        account: z.string().max(64),
        address: z.string().trim().max(320),
        purpose: z.string().trim().min(1).max(100),
        source: reason,
      }),
    )
    .output(consentShape),
  withdrawConsent: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/consents/{id}/withdraw', summary: 'Withdraw a consent' })
    .input(z.object({ id, reason }))
    .output(consentShape),
  /** To everybody whose consent for the purpose stands at this moment, with one-click unsubscription (RFC 8058). */
  sendMailing: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/mailings', summary: 'Send a mailing to those who consented', successStatus: 201 })
    .input(
      z.object({
        purpose: z.string().trim().min(1).max(100),
        subject: z.string().trim().min(1).max(200),
        text: z.string().trim().min(1).max(60_000),
      }),
    )
    .output(z.object({ sent: z.number().int(), left: z.number().int() })),
  /** Where people reach the console from outside: for links in letters. Empty: there are none. */
  publicUrl: procedure({ roles: staff, tokenScope: 'read' })
    .route({ method: 'GET', path: '/public-url', summary: 'Address for links in letters' })
    .output(z.object({ url: z.string() })),
  setPublicUrl: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/public-url', summary: 'Set the address for links in letters' })
    .input(z.object({ url: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(300)]), reason }))
    .output(z.object({ url: z.string() })),
}
