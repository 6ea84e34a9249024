/** Who acts, as the store's registers name them. */

import type * as stored from '../../store/cases.ts'
import { type Actor, actorName } from '../auth/authorise.ts'

/** The person who acts. The owner of the data folder is nobody's second person. */
export function actorOf(actor: Actor): stored.Actor {
  return { id: actor.kind === 'person' ? actor.person.id : 0, email: actorName(actor) }
}
