/**
 * The first person of a relay: a one-time token, printed at start, lets its holder become the first admin.
 * Only the token's hash is kept, so each start prints a new one; it opens nothing once somebody exists.
 */

import type { Store } from '../../store/store.ts'
import { hashToken, newToken, tokenFits } from './sessions.ts'

const SETTING = 'first person token hash'

/** Makes the token while no person exists; undefined when somebody does. */
export async function offerFirstToken(store: Store): Promise<string | undefined> {
  if ((await store.users.list()).length > 0) return undefined
  const token = newToken()
  await store.settings.set(SETTING, hashToken(token))
  return token
}

/** Whether this is the token that was offered last. */
export async function isFirstToken(store: Store, token: string): Promise<boolean> {
  const hash = await store.settings.get<string>(SETTING)
  return hash !== undefined && tokenFits(token, hash)
}
