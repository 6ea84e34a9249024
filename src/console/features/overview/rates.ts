/** Accounts by how near they are to where trust ends. */

import type { AccountFigures } from '../../../contract/accounts.ts'
import type { Thresholds } from '../../../contract/trust.ts'

/** How near each rate is to its limit, 1: at it. Of few messages, as if there were `leastMessages`, as the relay does. */
export function nearness({ messages, bounceRate, complaintRate }: AccountFigures, limits: Thresholds) {
  const damped = messages < limits.leastMessages ? messages / limits.leastMessages : 1
  const part = (value: number | null, limit: number): number => (limit > 0 ? ((value ?? 0) * damped) / limit : 0)
  return { bounces: part(bounceRate, limits.bounceRate), complaints: part(complaintRate, limits.complaintRate) }
}

function worse(figures: AccountFigures, limits: Thresholds): number {
  const { bounces, complaints } = nearness(figures, limits)
  return Math.max(bounces, complaints)
}

/** Those with bounces or complaints, the nearest to a limit first. */
export function worstOf(figures: readonly AccountFigures[], limits: Thresholds, most: number): AccountFigures[] {
  return figures
    .filter(({ bounceRate, complaints }) => (bounceRate ?? 0) > 0 || complaints > 0)
    .toSorted((a, b) => worse(b, limits) - worse(a, limits) || a.account.localeCompare(b.account))
    .slice(0, most)
}
