/** Opens a request by hand, by API or from the panel. */

import { sameMailbox } from '../../model/addressKey.ts'
import type { NewRequest } from '../../store/requests.ts'
import type { Actor } from '../auth/authorise.ts'
import { actorOf } from './actor.ts'
import type { Parts } from './context.ts'
import { conflict, refused } from './errors.ts'

/** @param given `identity` says why it is known who asks, where the way it came in says so */
export async function openRequest(
  parts: Pick<Parts, 'store' | 'clock' | 'requests' | 'hostname'>,
  given: Omit<NewRequest, 'guess' | 'acknowledgement' | 'inbox'>,
  actor: Actor,
): Promise<number> {
  const { store, clock, requests } = parts
  await refuseWrongParent(parts, given)
  const opened = await store.requests.open(
    { ...given, guess: undefined, acknowledgement: undefined, inbox: undefined },
    actorOf(actor),
    clock.now(),
  )
  if (opened.kind === 'known')
    throw conflict(`request ${opened.id} about the same is open: what was written was added to it`)
  if (opened.kind === 'gone') throw conflict('it could not be opened', 'try again')
  requests.care.wake()
  return opened.id
}

/** An order belongs to a third party's request about the same person, that is not closed. */
async function refuseWrongParent(
  { store }: Pick<Parts, 'store'>,
  { parent, track, subject }: Pick<NewRequest, 'parent' | 'track' | 'subject'>,
): Promise<void> {
  if (parent === undefined) return
  const found = await store.requests.get(parent)
  const isSame = found && sameMailbox(found.subject, subject)
  if (track !== 'account' || !isSame || found.track !== 'third party')
    throw refused(`request ${parent} is no third party’s request about this address`, 'look at the number again')
}
