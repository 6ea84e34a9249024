/** Who is on this connection: coming in, second factor, own sessions. */

import { z } from 'zod'
import { LEAST_PASSWORD, roles, secondFactorPolicies, sessionKinds } from '../model/user.ts'
import { everyone, procedure } from './procedure.ts'
import { timeShape } from './shapes.ts'

export const roleShape = z.enum(roles)
export const userShape = z.object({
  id: z.number().int(),
  email: z.string(),
  name: z.string(),
  role: roleShape,
  /** name of the account a member acts for; null for everybody else */
  account: z.string().nullable(),
  createdAt: timeShape,
})
export type UserView = z.infer<typeof userShape>

export const sessionShape = z.object({
  id: z.number().int(),
  since: timeShape,
  /** to the minute */
  seenAt: timeShape,
  expiresAt: timeShape,
  /** IP address, or `desktop` */
  address: z.string(),
  kind: z.enum(sessionKinds),
  /** the one that asks */
  current: z.boolean(),
})
export type SessionView = z.infer<typeof sessionShape>

export const secondFactorPolicyShape = z.enum(secondFactorPolicies)
export const idShape = z.coerce.number().int().positive()
export const newPassword = z
  .string()
  .min(LEAST_PASSWORD, `a password has at least ${LEAST_PASSWORD} characters`)
  .max(1000)
export const givenPassword = z.string().max(1000)

const opened = z.object({ person: userShape, token: z.string(), expiresAt: timeShape })
const oneTimeToken = z.string().max(200)
const userName = z.string().min(1).max(200)
/** six digits, or a recovery code */
const code = z.string().max(64)

// no token will do but to see who it is: who comes in, and by what, is for those who have shown that they are there
export const session = {
  /** Callable by anybody: what the console should show first. */
  state: procedure({ roles: 'anyone', tokenScope: 'read' })
    .route({ method: 'GET', path: '/session', summary: 'Who is logged in' })
    .output(
      z.object({
        /** no person exists yet: the one-time link creates the first */
        firstRun: z.boolean(),
        /** the data folder is marked as demo data */
        demo: z.boolean(),
        person: userShape.nullable(),
        /** policy asks for a second factor that the person does not have: nothing else is possible until there is one */
        mustSetUp: z.boolean(),
      }),
    ),
  /** Creates the first person (an admin) with the one-time token that `serve` prints, and logs in. */
  claim: procedure({ roles: 'anyone', tokenScope: 'none' })
    .route({ method: 'POST', path: '/session/claim', summary: 'Create the first person with the one-time token' })
    .input(z.object({ token: oneTimeToken, email: z.email(), name: userName, password: newPassword }))
    .output(opened),
  /** Callable by anybody who holds the token of an invitation. */
  invitation: procedure({ roles: 'anyone', tokenScope: 'none' })
    .route({ method: 'POST', path: '/session/invitation', summary: 'Who an invitation is for' })
    .input(z.object({ token: oneTimeToken }))
    .output(
      z.object({
        email: z.string(),
        name: z.string(),
        role: roleShape,
        account: z.string().nullable(),
        expiresAt: timeShape,
      }),
    ),
  /** Turns an invitation into a person, once, and logs in. */
  accept: procedure({ roles: 'anyone', tokenScope: 'none' })
    .route({ method: 'POST', path: '/session/accept', summary: 'Accept an invitation' })
    .input(z.object({ token: oneTimeToken, name: userName, password: newPassword }))
    .output(opened),
  /** With a second factor and no code: REFUSED with `needs: 'code'`. */
  login: procedure({ roles: 'anyone', tokenScope: 'none' })
    .route({ method: 'POST', path: '/session', summary: 'Log in with e-mail address and password' })
    .input(z.object({ email: z.string().max(320), password: givenPassword, code: code.optional() }))
    .output(
      opened.extend({
        /** told once: who has reset the person's second factor, and when */
        secondFactorReset: z.object({ at: timeShape, by: z.string() }).nullable(),
      }),
    ),
  logout: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'DELETE', path: '/session', summary: 'End this session' })
    .output(z.object({ ended: z.literal(true) })),
  sessions: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'GET', path: '/session/sessions', summary: 'Own sessions, the last used first' })
    .output(z.array(sessionShape)),
  endSession: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'DELETE', path: '/session/sessions/{id}', summary: 'End one of the own sessions' })
    .input(z.object({ id: idShape }))
    .output(z.object({ ended: z.literal(true) })),
  totp: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'GET', path: '/session/totp', summary: 'State of the own second factor' })
    .output(z.object({ on: z.boolean(), recoveryCodes: z.number().int(), policy: secondFactorPolicyShape })),
  /** A fresh secret, which counts once it is confirmed. */
  totpBegin: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'POST', path: '/session/totp', summary: 'Begin to set up a second factor (RFC 6238)' })
    .output(z.object({ secret: z.string(), uri: z.string() })),
  /** The recovery codes are shown this once. */
  totpConfirm: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'POST', path: '/session/totp/confirm', summary: 'Confirm the second factor with its first code' })
    .input(z.object({ code }))
    .output(z.object({ recoveryCodes: z.array(z.string()) })),
  totpEnd: procedure({ roles: everyone, tokenScope: 'none' })
    .route({ method: 'POST', path: '/session/totp/end', summary: 'End the second factor' })
    .input(z.object({ password: givenPassword, code }))
    .output(z.object({ ended: z.literal(true) })),
}
