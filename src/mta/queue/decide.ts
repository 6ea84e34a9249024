/** What happens to a message at acceptance. Pure: the queue carries it out. */

import type { Account, Credential } from '../../model/account.ts'
import { HELD_BY_REVIEW } from '../../model/case.ts'
import { keepUntil, visibleDays } from '../../model/retention.ts'
import type { Route } from '../../model/route.ts'

export interface Decision {
  /** milliseconds, Unix time; stamped at acceptance (policy: headers are kept 70 days), only ever shortened after */
  keepUntil: number
}

/**
 * Decides about a message as a whole.
 * @param policyDays days of the policy of retention
 * @param account whose mail it is; undefined for none
 */
export function decideMessage(
  acceptedAt: number,
  policyDays: number,
  account: Pick<Account, 'keepDays'> | undefined,
): Decision {
  return { keepUntil: keepUntil(acceptedAt, visibleDays(policyDays, account?.keepDays)) }
}

/** Whether a delivery waits in the queue, or is held and why. */
export type Placement = { kind: 'queue' } | { kind: 'hold'; reason: string }

/**
 * Decides about one delivery: a held credential or account holds its mail, the capture route keeps it. Mail of the relay
 * itself (no credential) is held for neither.
 */
export function decideDelivery(
  credential: Credential | undefined,
  account: Account | undefined,
  route: Route,
  domain: string,
): Placement {
  if (credential && account?.outgoing === 'held') return { kind: 'hold', reason: HELD_BY_REVIEW }
  if (credential?.status === 'held') return { kind: 'hold', reason: `held: the credential ${credential.name} is held` }
  if (route.kind === 'capture') return { kind: 'hold', reason: captured(domain) }
  return { kind: 'queue' }
}

/** Why captured mail is held. */
export function captured(domain: string): string {
  return `captured: the route for ${domain} is capture, which never sends`
}
