/** Who may send what to whom: pure checks, each with the reply that says what to change. */

import type { Account, Credential } from '../../model/account.ts'
import { standingReply } from '../../model/accountReply.ts'
import { asksForRoute, isAddressLiteral, type Mailbox } from '../../model/address.ts'
import type { Reply } from '../../model/reply.ts'
import { type RouteRule, routeFor } from '../../model/route.ts'
import { asciiDomain } from '../domains/domain.ts'
import { refuse } from './checkResult.ts'

/** A refusal, or undefined when it is allowed. */
type Refusal = Reply | undefined

/** Whether this account may send at all with this credential. */
export function maySend(account: Account | undefined, credential: Credential | undefined): Refusal {
  if (!credential || !account) return refuse(535, '5.7.8', 'This credential was removed: log in with another').reply
  if (credential.status === 'blocked')
    return refuse(550, '5.7.1', `Credential ${credential.name} is blocked: ask the operator of this relay`).reply
  return standingReply(account)
}

/** Whether a domain, compared exactly and as A-labels, is one of the account's. */
function belongsTo(account: Account, domain: string): boolean {
  const ascii = asciiDomain(domain)
  return ascii !== undefined && account.domains.includes(ascii)
}

function foreign(account: Account, domain: string, what: string): Reply {
  const named = asciiDomain(domain) ?? 'given'
  const own = account.domains[0]
  const other = own ? ` or send from ${own}` : ''
  return refuse(
    550,
    '5.7.1',
    `${what} domain ${named} is not one of account ${account.name}: add ${named} to the account's domains${other}`,
  ).reply
}

/** Whether the account may use this envelope sender. The empty one is everybody's (RFC 5321 §4.5.5). */
export function mayUseSender(account: Account, sender: Mailbox | undefined): Refusal {
  return !sender || belongsTo(account, sender.domain) ? undefined : foreign(account, sender.domain, 'Sender')
}

/** Whether the account may write all these addresses into From. */
export function mayUseFrom(account: Account, addresses: readonly Mailbox[]): Refusal {
  const other = addresses.find(({ domain }) => !belongsTo(account, domain))
  return other && foreign(account, other.domain, 'From header')
}

/**
 * Whether mail may go to this recipient.
 * A form that asks a later host to send it on is refused: it would get round the routes of this relay.
 */
export function mayReceive(routes: readonly RouteRule[], recipient: Mailbox): Refusal {
  if (asksForRoute(recipient.local))
    return refuse(553, '5.1.3', 'This address asks for a route through another host: give the final address alone')
      .reply
  const domain = asciiDomain(recipient.domain)
  if (domain === undefined) return refuse(553, '5.1.3', 'The domain of this recipient is no domain name').reply
  if (isAddressLiteral(domain) && !routes.some((rule) => rule.domain === domain))
    return refuse(550, '5.1.2', 'Mail to an address in brackets is not routed here: give a domain name').reply
  const route = routeFor(routes, domain)
  if (route.kind !== 'reject') return undefined
  const reason = route.reason ?? 'ask the operator of this relay to change the route'
  return refuse(550, '5.7.1', `Mail to ${domain} is not taken here: ${reason}`).reply
}
