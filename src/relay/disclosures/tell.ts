/** Tells accounts that an authority demanded data of theirs. */

import { disclosureLetter } from '../../engine/report/disclosureLetter.ts'
import type { Disclosure } from '../../store/disclosures.ts'
import type { Parts } from '../api/context.ts'
import { accountsIn, scopeWords } from './scope.ts'

type Needed = Pick<Parts, 'store' | 'engine' | 'hostname'>

/** Writes to the contact of each account a demand covers. Returns how many there were, and how many letters were refused. */
export async function tellAccounts(
  { store, engine, hostname }: Needed,
  demand: Disclosure,
): Promise<{ accounts: number; refused: number }> {
  const { id, authority, basis, scope, receivedAt, gagUntil } = demand
  const admin = (await store.people.list()).find(({ role }) => role === 'admin')?.email
  const accounts = await accountsIn(store, scope)
  const words = { id, hostname, authority, basis, receivedAt, gagUntil, admin, scope: scopeWords(scope, store) }
  let refused = 0
  for (const number of accounts) {
    const { name: account, contact } = store.directory.accountById(number)!
    const letter = disclosureLetter({ ...words, account, refused: demand.state === 'refused', export: demand.export })
    const answer = await engine.sendOwn(number, contact, letter)
    if (answer.kind === 'refused') refused += 1
  }
  return { accounts: accounts.length, refused }
}

/** What somebody has to do about demands, in words; none when nothing waits. */
export async function disclosureAlarms({ store, clock }: Pick<Parts, 'store' | 'clock'>): Promise<string[]> {
  const due = await store.disclosures.noticesDue(clock.now())
  return due.map((id) => `legal demand ${id}: the gag has ended, and the account was not told yet`)
}
