/** Tells accounts that an authority demanded data of theirs. */

import type { Clock } from '../../base/clock.ts'
import type { SendSystemMail } from '../../mta/queue/systemMail.ts'
import type { LegalRequest } from '../../store/legalRequests.ts'
import type { Store } from '../../store/store.ts'
import { legalRequestLetter } from '../letters/legalRequestLetter.ts'
import { accountsIn, scopeWords } from './scope.ts'

interface Needed {
  store: Store
  engine: { sendSystemMail: SendSystemMail }
  /** name of this relay */
  hostname: string
}

/** Writes to the contact of each account a demand covers. Returns how many there were, and how many letters were refused. */
export async function tellAccounts(
  { store, engine, hostname }: Needed,
  demand: LegalRequest,
): Promise<{ accounts: number; refused: number }> {
  const { id, authority, basis, scope, receivedAt, gagUntil } = demand
  const admin = (await store.users.list()).find(({ role }) => role === 'admin')?.email
  const accounts = await accountsIn(store, scope)
  const words = { id, hostname, authority, basis, receivedAt, gagUntil, admin, scope: scopeWords(scope, store) }
  let refused = 0
  for (const number of accounts) {
    const { name: account, contact } = store.directory.accountById(number)!
    const letter = legalRequestLetter({ ...words, account, refused: demand.state === 'refused', export: demand.export })
    const answer = await engine.sendSystemMail(number, contact, letter)
    if (answer.kind === 'refused') refused += 1
  }
  return { accounts: accounts.length, refused }
}

/** What somebody has to do about demands, in words; none when nothing waits. */
export async function legalRequestAlarms({
  store,
  clock,
}: {
  store: Pick<Store, 'legalRequests'>
  clock: Clock
}): Promise<string[]> {
  const due = await store.legalRequests.noticesDue(clock.now())
  return due.map((id) => `legal demand ${id}: the gag has ended, and the account was not told yet`)
}
