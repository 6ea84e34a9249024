/** What a suspended or closed account's clients are told: the same words at the listener and in the console's preview. */

import type { Account } from './account.ts'
import type { Reply } from './reply.ts'

/** Without a reason a client is told whom to ask. */
const NO_REASON = 'ask the operator of this relay'

/** The reply to whoever submits mail for the account (RFC 5321 §3.8, RFC 3463 X.7.1); undefined while it is active. */
export function standingReply({
  name,
  status,
  statusReason,
}: Pick<Account, 'name' | 'status' | 'statusReason'>): Reply | undefined {
  if (status === 'active') return undefined
  // a reply is one line
  const reason = statusReason.replace(/\s+/g, ' ').trim() || NO_REASON
  return { code: 550, enhancedCode: '5.7.1', text: `Account ${name} is ${status}: ${reason}` }
}
