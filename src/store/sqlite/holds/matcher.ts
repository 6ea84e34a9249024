/** What the legal holds in force cover. Addresses are compared as mailboxes (model/addressKey.ts). */

import { mailboxKey } from '../../../model/addressKey.ts'
import { type Hold, type Holdable, type HoldScope, isCovered } from '../../../model/hold.ts'
import type { Connection } from '../thread/connection.ts'

/** The holds that have not been released. */
export function activeHolds(database: Connection): Hold[] {
  const rows = database.prepare('SELECT id, scope FROM hold WHERE released_at IS NULL ORDER BY id').all()
  return (rows as { id: number; scope: string }[]).map(({ id, scope }) => ({
    id,
    scope: JSON.parse(scope) as HoldScope,
  }))
}

/** The ids by which holds are known, to be compared with {@link isHeldSince}. */
export function idsOf(holds: readonly Hold[]): number[] {
  return holds.map(({ id }) => id)
}

/** Whether a hold is in force that was not when something was chosen to be destroyed: it may cover some of it. */
export function isHeldSince(database: Connection, known: readonly number[]): boolean {
  return activeHolds(database).some(({ id }) => !known.includes(id))
}

function comparableScope(scope: HoldScope): HoldScope {
  return scope.kind === 'address' ? { kind: 'address', address: mailboxKey(scope.address) } : scope
}

/** Whether one of these scopes covers a message, of which the addresses are as it was sent. */
export function matcherOf(scopes: readonly HoldScope[]): (message: Holdable) => boolean {
  const compared = scopes.map(comparableScope)
  const needsAddresses = compared.some(({ kind }) => kind === 'address')
  return (message) => {
    if (!needsAddresses) return compared.some((scope) => isCovered(scope, message))
    const { id, account, acceptedAt } = message
    const addresses = { from: mailboxKey(message.from), to: message.to.map(mailboxKey) }
    return compared.some((scope) => isCovered(scope, { id, account, acceptedAt, ...addresses }))
  }
}
