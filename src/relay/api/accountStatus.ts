/** The status of accounts, and how their mail did. */

import type { AccountFigures, AccountView } from '../../contract/accounts.ts'
import type { AccountStatus } from '../../model/account.ts'
import { type Actor, actorName } from '../auth/authorise.ts'
import { changeStatus } from './accountFlow.ts'
import type { Parts } from './context.ts'
import { conflict, refused } from './errors.ts'
import { accountNamed, accountView } from './views.ts'

interface StatusInput {
  name: string
  status: AccountStatus
  reason: string
}

/**
 * Suspends, resumes or closes an account. Mail it submits is refused with the reason. What a suspended account submitted
 * before is held, and goes on when the suspension ends. A closed account can be opened again, by an admin with a reason:
 * nothing of it was destroyed.
 */
export async function setStatus(
  parts: Parts,
  actor: Actor,
  { name, status, reason }: StatusInput,
): Promise<AccountView> {
  const { directory } = parts.store
  const account = accountNamed(directory, name)
  if (account.status === status) throw conflict(`account ${account.name} is ${status} already`)
  if (reason === '' && (status !== 'active' || account.status === 'closed'))
    throw refused('this needs a reason: whoever submits mail is told', 'say why')
  await changeStatus(parts, account, status, { actor: actorName(actor), reason })
  return accountView(accountNamed(directory, name), directory)
}

/** How the mail of every account did in the last 30 days, in the order of the list of accounts. */
export async function figuresView({ store, clock }: Parts): Promise<AccountFigures[]> {
  const now = clock.now()
  const [figures, requests] = await Promise.all([store.trust.figures(now), store.trustRequests.list()])
  const all = new Map(figures.map((each) => [each.account, each]))
  const asked = new Set(requests.map(({ account }) => account))
  return store.directory.accounts().flatMap(({ id, name }) => {
    const found = all.get(id)
    if (!found) return []
    const { messages, volume, bounceRate, complaints, complaintRate, samples } = found.criteria
    const reviewDue = found.reviewAt !== undefined && found.reviewAt <= now
    const rates = { messages, volume, bounceRate, complaints, complaintRate }
    return [{ account: name, ...rates, samples, reviewDue, trustRequested: asked.has(id) }]
  })
}
