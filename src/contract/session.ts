/** Who is on this connection. */

import { z } from 'zod'
import { roles } from '../model/people.ts'
import { base } from './errors.ts'
import { timeShape } from './shapes.ts'

export const roleShape = z.enum(roles)
export const personShape = z.object({
  id: z.number().int(),
  email: z.string(),
  name: z.string(),
  role: roleShape,
  createdAt: timeShape,
})
export type PersonView = z.infer<typeof personShape>

const opened = z.object({ person: personShape, token: z.string(), expiresAt: timeShape })
const password = z.string().min(12, 'a password has at least 12 characters').max(1000)

export const session = {
  /** Callable by anybody: what the console should show first. */
  state: base.route({ method: 'GET', path: '/session', summary: 'Who is logged in' }).output(
    z.object({
      /** no person exists yet: the one-time link creates the first */
      firstRun: z.boolean(),
      /** the data folder is marked as demo data */
      demo: z.boolean(),
      person: personShape.nullable(),
    }),
  ),
  /** Creates the first person (an admin) with the one-time token that `serve` prints, and logs in. */
  claim: base
    .route({ method: 'POST', path: '/session/claim', summary: 'Create the first person with the one-time token' })
    .input(z.object({ token: z.string(), email: z.email(), name: z.string().min(1).max(200), password }))
    .output(opened),
  login: base
    .route({ method: 'POST', path: '/session', summary: 'Log in with e-mail address and password' })
    .input(z.object({ email: z.string().max(320), password: z.string().max(1000) }))
    .output(opened),
  logout: base
    .route({ method: 'DELETE', path: '/session', summary: 'End this session' })
    .output(z.object({ ended: z.literal(true) })),
}

export const people = {
  list: base
    .route({ method: 'GET', path: '/people', summary: 'People who use the console' })
    .output(z.array(personShape)),
  add: base
    .route({ method: 'POST', path: '/people', summary: 'Add a person', successStatus: 201 })
    .input(z.object({ email: z.email(), name: z.string().max(200).optional(), role: roleShape, password }))
    .output(personShape),
  remove: base
    .route({ method: 'DELETE', path: '/people/{id}', summary: 'Remove a person; the last admin stays' })
    .input(z.object({ id: z.coerce.number().int() }))
    .output(z.object({ removed: z.literal(true) })),
}
