/** Accounts by how near they are to where trust ends. */

import type { AccountFigures } from '../../../contract/accounts.ts'
import type { Thresholds } from '../../../contract/trust.ts'

/** 1: at the limit. Rates of few messages are taken as if there were `leastMessages`, as the relay does. */
export function nearness({ messages, bounceRate, complaintRate }: AccountFigures, limits: Thresholds): number {
  const damped = messages < limits.leastMessages ? messages / limits.leastMessages : 1
  const part = (value: number | null, limit: number): number => (limit > 0 ? ((value ?? 0) * damped) / limit : 0)
  return Math.max(part(bounceRate, limits.bounceRate), part(complaintRate, limits.complaintRate))
}

/** Those with bounces or complaints, the nearest to a limit first. */
export function worstOf(figures: readonly AccountFigures[], limits: Thresholds, most: number): AccountFigures[] {
  return figures
    .filter(({ bounceRate, complaints }) => (bounceRate ?? 0) > 0 || complaints > 0)
    .toSorted((a, b) => nearness(b, limits) - nearness(a, limits) || a.account.localeCompare(b.account))
    .slice(0, most)
}
