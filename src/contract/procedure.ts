/** Where every procedure of the contract starts: who may call it, and the errors it can answer with. */

import { oc } from '@orpc/contract'
import { z } from 'zod'
import { type Role, roles, type TokenScope } from '../model/user.ts'

/** Who may call a procedure. The relay enforces it before every handler; docs/authority.md lists it for auditors. */
export interface Authority {
  /** `anyone`: also those who are not logged in */
  roles: 'anyone' | readonly [Role, ...Role[]]
  /**
   * The least scope an API token needs, besides the role of its user: `read` for what changes nothing, `full` for the
   * rest, `none` where no token will do.
   */
  tokenScope: TokenScope | 'none'
}

/** Everyone who is logged in. */
export const everyone = roles
/** Everyone but account holders, who see only what is theirs. */
export const staff = ['admin', 'operator', 'reviewer', 'auditor'] as const satisfies readonly Role[]

/** `change` names what to change; it is what the caller is shown. */
const refusal = z.object({
  change: z.string().optional(),
  /** what is asked for before the call can succeed: a code of the second factor, or setting one up */
  needs: z.enum(['code', 'second factor']).optional(),
})

const errors = {
  /** nobody is logged in on this connection, or the session has ended */
  UNAUTHORIZED: { status: 401, data: refusal },
  /** the role of the user does not include this call */
  FORBIDDEN: { status: 403, data: refusal },
  NOT_FOUND: { status: 404, data: refusal },
  /** the thing exists already, or has changed meanwhile */
  CONFLICT: { status: 409, data: refusal },
  /** well-formed but refused; the message says why */
  REFUSED: { status: 422, data: refusal },
  /** too many tries */
  TOO_MANY_REQUESTS: { status: 429, data: refusal },
}

/** Begins a procedure. The contract takes no procedure that has begun otherwise, so none is without its authority. */
export function procedure(authority: Authority) {
  return oc.$meta<Authority>(authority).errors(errors)
}
