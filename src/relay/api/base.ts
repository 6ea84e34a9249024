/** The contract to be implemented, with authorisation before every handler. */

import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import { type Actor, authorise } from '../authorise.ts'
import type { Sessions } from '../sessions.ts'
import type { CallContext, Connection } from './context.ts'
import { forbidden, unauthorized } from './errors.ts'

async function whoIs(connection: Connection, sessions: Sessions): Promise<Actor> {
  if (connection.local) return { kind: 'local' }
  const person = connection.session === undefined ? undefined : await sessions.person(connection.session)
  return person ? { kind: 'person', person } : { kind: 'nobody' }
}

/**
 * Every handler starts from here, so none can be reached without the check.
 * Asked anew for each call: a session that has ended or a person who was removed is refused at once.
 */
export function guarded(sessions: Sessions) {
  return implement(contract)
    .$context<CallContext>()
    .use(async ({ context, path, next }) => {
      const call = path.join('.')
      const actor = await whoIs(context.connection, sessions)
      const verdict = authorise(actor, call)
      if (verdict === 'nobody') throw unauthorized()
      if (verdict === 'forbidden') throw forbidden(call)
      /** whether the caller may still make this call: for streams that outlive a session */
      const stillAllowed = async () => authorise(await whoIs(context.connection, sessions), call) === 'allowed'
      return next({ context: { actor, stillAllowed } })
    })
}

export type Guarded = ReturnType<typeof guarded>
