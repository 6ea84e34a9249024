/** Legal holds: what keeps a header record and its sample beyond their day. */

export type HoldScope =
  | { kind: 'account'; account: number }
  | { kind: 'address'; address: string }
  /** accepted from `since` up to, not including, `until`; milliseconds of Unix time */
  | { kind: 'period'; since: number; until: number }
  | { kind: 'message'; message: number }

export interface Hold {
  id: number
  scope: HoldScope
}

/** What a hold looks at. */
export interface Holdable {
  id: number
  account: number
  acceptedAt: number
  from: string
  to: readonly string[]
}

/** Whether a hold covers a message. Addresses, in scope and message, are given in the form in which they are compared. */
export function isCovered(scope: HoldScope, message: Holdable): boolean {
  switch (scope.kind) {
    case 'account':
      return message.account === scope.account
    case 'message':
      return message.id === scope.message
    case 'period':
      return message.acceptedAt >= scope.since && message.acceptedAt < scope.until
    case 'address':
      return message.from === scope.address || message.to.includes(scope.address)
  }
}
