/** What an account's mail may do: suspended, held, slowed down; and the queue that goes with it. Nothing is ever lost. */

import type { Account, AccountStatus } from '../../model/account.ts'
import { HELD_BY_REVIEW, REVIEW_ORDER } from '../../model/review.ts'
import type { Parts } from '../api/context.ts'

type Needed = Pick<Parts, 'store' | 'engine' | 'clock'>

/** Puts what waits in the queue of an account aside, until a person decides. Returns how many deliveries. */
async function holdQueue({ engine }: Needed, account: Account): Promise<number> {
  return (await engine.act('hold', { account: account.name }, REVIEW_ORDER)).deliveries
}

/** Lets go what was put aside by {@link holdQueue} or held at acceptance for the same reason. */
async function releaseQueue({ engine }: Needed, account: Account): Promise<number> {
  return (await engine.act('release', { account: account.name, reason: HELD_BY_REVIEW }, 'released')).deliveries
}

/** Suspends, resumes or closes an account. The queue of a suspended account is held; with the suspension it ends. */
export async function changeStatus(
  parts: Needed,
  account: Account,
  status: AccountStatus,
  act: { actor: string; reason: string },
): Promise<void> {
  await parts.store.trust.setStatus(account.id, status, { ...act, at: parts.clock.now() })
  if (status === 'suspended') await holdQueue(parts, account)
  else if (account.outgoing === 'flow') await releaseQueue(parts, account)
}

/** Holds an account's mail, new and queued, or lets it flow again. */
export async function changeOutgoing(parts: Needed, account: Account, outgoing: Account['outgoing']): Promise<void> {
  await parts.store.directory.setAccountFlow(account.id, { outgoing, hourlyLimit: account.hourlyLimit })
  if (outgoing === 'held') await holdQueue(parts, account)
  else if (account.status === 'active') await releaseQueue(parts, account)
}

/** Limits an account to so many messages an hour, over all its credentials; undefined for no limit. */
export async function changeLimit(parts: Needed, account: Account, hourlyLimit: number | undefined): Promise<void> {
  await parts.store.directory.setAccountFlow(account.id, { outgoing: account.outgoing, hourlyLimit })
}
