/** The errors every call can answer with. `change` names what to change; it is what a person is shown. */

import { oc } from '@orpc/contract'
import { z } from 'zod'

const refusal = z.object({
  change: z.string().optional(),
  /** what is asked for before the call can succeed: a code of the second factor, or setting one up */
  needs: z.enum(['code', 'second factor']).optional(),
})

/** Base of every procedure of the contract. */
export const base = oc.errors({
  /** nobody is logged in on this connection, or the session has ended */
  UNAUTHORIZED: { status: 401, data: refusal },
  /** the person's role does not include this call */
  FORBIDDEN: { status: 403, data: refusal },
  NOT_FOUND: { status: 404, data: refusal },
  /** the thing exists already, or has changed meanwhile */
  CONFLICT: { status: 409, data: refusal },
  /** well-formed but refused; the message says why */
  REFUSED: { status: 422, data: refusal },
  /** too many tries */
  TOO_MANY_REQUESTS: { status: 429, data: refusal },
})
