/** The status of an account, and the queue that goes with it. Nothing is ever lost. */

import type { Account, AccountStatus } from '../../model/account.ts'
import { HELD_BY_REVIEW, REVIEW_ORDER } from '../../model/case.ts'
import type { Parts } from './context.ts'

type Needed = Pick<Parts, 'store' | 'engine' | 'clock'>

/** Puts what waits in the queue of an account aside, until a person decides. Returns how many deliveries. */
async function holdQueue({ engine }: Needed, account: Account): Promise<number> {
  return (await engine.act('hold', { account: account.name }, REVIEW_ORDER)).deliveries
}

/** Lets go what was put aside by {@link holdQueue} or held at acceptance for the same reason. */
async function releaseQueue({ engine }: Needed, account: Account): Promise<number> {
  return (await engine.act('release', { account: account.name, reason: HELD_BY_REVIEW }, 'released')).deliveries
}

/**
 * Suspends, resumes or closes an account. The queue of a suspended account is held until the account is active again:
 * when it is closed instead, what was held stays so, and a person releases or cancels it. The queue is put aside before
 * the status says so, and once more after: a crash in between leaves mail held for a person, and lets none of it go out.
 */
export async function changeStatus(
  parts: Needed,
  account: Account,
  status: AccountStatus,
  act: { actor: string; reason: string },
): Promise<void> {
  if (status === 'suspended') await holdQueue(parts, account)
  await parts.store.trust.setStatus(account.id, status, { ...act, at: parts.clock.now() })
  if (status === 'suspended') await holdQueue(parts, account)
  else if (status === 'active' && account.outgoing === 'flow') await releaseQueue(parts, account)
}
