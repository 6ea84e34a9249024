/** The contract to be implemented, with authorisation before every handler. */

import { implement } from '@orpc/server'
import { contract } from '../../contract/index.ts'
import { isDayUnreadable } from '../../store/store.ts'
import { type Actor, authorise, type Decision } from '../auth/authorise.ts'
import type { CallContext, Connection, Parts } from './context.ts'
import { beyondToken, type CallError, forbidden, refused, secondFactorNeeded, unauthorized } from './errors.ts'

type Doors = Pick<Parts, 'sessions' | 'userRules'>

async function whoIs(connection: Connection, { sessions, userRules }: Doors): Promise<Actor> {
  const { local, session, apiToken } = connection
  if (local) return { kind: 'local' }
  const mustSetUp = (secondFactor: boolean) => !secondFactor && userRules.get().totp === 'required'
  if (apiToken !== undefined) {
    const found = await sessions.findApiToken(apiToken)
    if (!found) return { kind: 'nobody' }
    return { kind: 'person', person: found.person, token: found.by.scope, mustSetUp: mustSetUp(found.secondFactor) }
  }
  const found = session === undefined ? undefined : await sessions.find(session)
  if (!found) return { kind: 'nobody' }
  return { kind: 'person', person: found.person, session: found.by.id, mustSetUp: mustSetUp(found.secondFactor) }
}

function refusalOf(verdict: Exclude<Decision, 'allowed'>, call: string): CallError {
  switch (verdict) {
    case 'nobody':
      return unauthorized()
    case 'forbidden':
      return forbidden(call)
    case 'beyond token':
      return beyondToken(call)
    case 'second factor needed':
      return secondFactorNeeded()
  }
}

/**
 * Every handler starts from here, so none can be reached without the check.
 * Asked anew for each call: a session that has ended or a person who was removed is refused at once.
 */
export function guarded(doors: Doors) {
  return implement(contract)
    .$context<CallContext>()
    .use(async ({ context, path, next }) => {
      const call = path.join('.')
      const actor = await whoIs(context.connection, doors)
      const verdict = authorise(actor, call)
      if (verdict !== 'allowed') throw refusalOf(verdict, call)
      /** whether the caller may still make this call: for streams that outlive a session */
      const stillAllowed = async () => authorise(await whoIs(context.connection, doors), call) === 'allowed'
      try {
        return await next({ context: { actor, stillAllowed } })
      } catch (error) {
        if (isDayUnreadable(error)) throw refused(error.message, 'put the file that the notices name back from a copy')
        throw error
      }
    })
}

export type Guarded = ReturnType<typeof guarded>
