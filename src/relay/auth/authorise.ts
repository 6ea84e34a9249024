/** Whether a caller may make a call: what the contract says of the call, held against who is calling. */

import { authorities } from '../../contract/index.ts'
import type { Authority } from '../../contract/procedure.ts'
import type { Role, TokenScope, User } from '../../model/user.ts'

/** Who is calling. */
export type Actor =
  | { kind: 'nobody' }
  /** the owner of the data folder, over the control socket */
  | { kind: 'local' }
  | {
      kind: 'person'
      person: User
      /** id of the session */
      session?: number
      /** scope of the API token that is used instead of a session */
      token?: TokenScope
      /** policy asks for a second factor that the person does not have */
      mustSetUp?: boolean
    }

export type Decision = 'allowed' | 'nobody' | 'forbidden' | 'beyond token' | 'second factor needed'

function tokenMay(scope: TokenScope, { tokenScope }: Authority): boolean {
  return tokenScope === 'read' || (tokenScope === 'full' && scope === 'full')
}

/**
 * Whether the caller may make the call. The local owner counts as an admin; a call unknown to the contract is refused.
 * @param call such as `messages.list`
 */
export function authorise(actor: Actor, call: string): Decision {
  const authority = authorities.get(call)
  if (!authority) return 'forbidden'
  if (actor.kind === 'person' && actor.token && !tokenMay(actor.token, authority)) return 'beyond token'
  if (authority.roles === 'anyone') return 'allowed'
  if (actor.kind === 'nobody') return 'nobody'
  const role: Role = actor.kind === 'local' ? 'admin' : actor.person.role
  if (!authority.roles.includes(role)) return 'forbidden'
  // what leads to a second factor stays open
  const waits = actor.kind === 'person' && actor.mustSetUp && !call.startsWith('session.')
  return waits ? 'second factor needed' : 'allowed'
}

/** How the audit log names the caller. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'nobody':
      return 'nobody'
    case 'local':
      return 'local'
    case 'person':
      return actor.person.email
  }
}
