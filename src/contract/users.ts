/** The people who use the console: invitations, roles, sessions, API tokens, what policy asks of them. */

import { z } from 'zod'
import { tokenScopes } from '../model/user.ts'
import { everyone, procedure } from './procedure.ts'
import {
  givenPassword,
  idShape,
  newPassword,
  roleShape,
  secondFactorPolicyShape,
  sessionShape,
  userShape,
} from './session.ts'
import { timeShape } from './shapes.ts'

const listed = userShape.extend({
  secondFactor: z.boolean(),
  /** null for never, or not since the last session ended */
  seenAt: timeShape.nullable(),
  /** after too many wrong passwords */
  lockedUntil: timeShape.nullable(),
})
export type ListedUserView = z.infer<typeof listed>

const invitation = z.object({
  id: z.number().int(),
  email: z.string(),
  name: z.string(),
  role: roleShape,
  /** name of the account a member will act for */
  account: z.string().nullable(),
  invitedBy: z.string(),
  createdAt: timeShape,
  expiresAt: timeShape,
  expired: z.boolean(),
})
export type InvitationView = z.infer<typeof invitation>

const token = z.object({
  id: z.number().int(),
  name: z.string(),
  scope: z.enum(tokenScopes),
  createdAt: timeShape,
  expiresAt: timeShape,
  expired: z.boolean(),
  /** to the minute; null for never */
  usedAt: timeShape.nullable(),
})
export type TokenView = z.infer<typeof token>

const policy = z.object({ totp: secondFactorPolicyShape })
/** Name of the account a member acts for: needed for that role, refused for others. */
const account = z.string().max(64).optional()
/** On the control socket the owner of the data folder names the person; everybody else acts for themselves. */
const whose = z.string().max(320).optional()

// no token will do: who may come in is decided by someone who is there
export const users = {
  list: procedure({ roles: ['admin', 'auditor'], tokenScope: 'none' })
    .route({ method: 'GET', path: '/users', summary: 'People who use the console' })
    .output(z.array(listed)),
  add: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/users', summary: 'Add a person', successStatus: 201 })
    .input(
      z.object({
        email: z.email(),
        name: z.string().max(200).optional(),
        role: roleShape,
        account,
        password: newPassword,
      }),
    )
    .output(userShape),
  remove: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({ method: 'DELETE', path: '/users/{id}', summary: 'Remove a person; the last admin stays' })
    .input(z.object({ id: idShape }))
    .output(z.object({ removed: z.literal(true) })),
  setRole: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({ method: 'PUT', path: '/users/{id}/role', summary: 'Change the role of a person; the last admin stays' })
    .input(z.object({ id: idShape, role: roleShape, account }))
    .output(userShape),
  /** Ends every other session of the person. */
  setPassword: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'PUT', path: '/password', summary: 'Change the own password' })
    .input(z.object({ old: givenPassword, password: newPassword }))
    .output(z.object({ changed: z.literal(true) })),
  /** Ends the wait after too many wrong passwords. */
  unlock: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/users/{id}/unlock', summary: 'Lift a lock-out' })
    .input(z.object({ id: idShape }))
    .output(z.object({ unlocked: z.literal(true) })),
  /** For who has lost it. Every session of the person ends; the next login tells them. */
  resetSecondFactor: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({
      method: 'POST',
      path: '/users/{id}/second-factor/reset',
      summary: "Reset another person's second factor",
    })
    .input(z.object({ id: idShape, reason: z.string().trim().min(1).max(1000) }))
    .output(z.object({ reset: z.literal(true) })),
  invite: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({
      method: 'POST',
      path: '/invitations',
      summary: 'Invite a person with a one-time link',
      successStatus: 201,
    })
    .input(z.object({ email: z.email(), name: z.string().max(200).optional(), role: roleShape, account }))
    .output(
      z.object({
        invitation,
        /** shown this once */
        token: z.string(),
        /** where the person accepts it; null when the relay has no console address */
        link: z.string().nullable(),
      }),
    ),
  invitations: procedure({ roles: ['admin', 'auditor'], tokenScope: 'none' })
    .route({ method: 'GET', path: '/invitations', summary: 'Invitations nobody has accepted' })
    .output(z.array(invitation)),
  revokeInvitation: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({ method: 'DELETE', path: '/invitations/{id}', summary: 'Take an invitation back' })
    .input(z.object({ id: idShape }))
    .output(z.object({ revoked: z.literal(true) })),
  sessions: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({ method: 'GET', path: '/users/{id}/sessions', summary: 'Sessions of a person' })
    .input(z.object({ id: idShape }))
    .output(z.array(sessionShape)),
  endSession: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({ method: 'DELETE', path: '/users/{id}/sessions/{session}', summary: 'End a session of a person' })
    .input(z.object({ id: idShape, session: idShape }))
    .output(z.object({ ended: z.literal(true) })),
  tokens: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'GET', path: '/tokens', summary: 'Own API tokens' })
    .input(z.object({ email: whose }))
    .output(z.array(token)),
  addToken: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'POST', path: '/tokens', summary: 'Make an API token', successStatus: 201 })
    .input(
      z.object({
        name: z.string().trim().min(1).max(100),
        scope: z.enum(tokenScopes),
        days: z.coerce.number().int().min(1).max(365),
        email: whose,
      }),
    )
    .output(
      z.object({
        token,
        /** shown this once: `mw_…` */
        secret: z.string(),
      }),
    ),
  revokeToken: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'DELETE', path: '/tokens/{id}', summary: 'Take an API token back' })
    .input(z.object({ id: idShape, email: whose }))
    .output(z.object({ revoked: z.literal(true) })),
  policy: procedure({ roles: ['admin', 'auditor'], tokenScope: 'none' })
    .route({ method: 'GET', path: '/people-policy', summary: 'What policy asks of people' })
    .output(policy),
  setPolicy: procedure({ roles: ['admin'], tokenScope: 'none' })
    .route({ method: 'PUT', path: '/people-policy', summary: 'Change what policy asks of people' })
    .input(policy)
    .output(policy),
}
