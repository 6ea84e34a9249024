/** What the address of the accounts screen says: the part of an account that is open, and the filter of the list. */

import type { Role } from '../../../model/user.ts'

export const tabs = ['profile', 'credentials', 'trust', 'samples', 'complaints', 'report', 'status'] as const
export type Tab = (typeof tabs)[number]

export interface AccountSearch {
  tab?: Tab
  /** words that all have to be found in an account */
  q?: string
}

/** Parts that not everybody who sees accounts may see. */
const seen: Partial<Record<Tab, readonly Role[]>> = {
  trust: ['admin', 'reviewer', 'auditor'],
  samples: ['admin', 'reviewer', 'auditor'],
  report: ['admin', 'reviewer', 'auditor'],
}

/** The parts of an account that a role sees, in order. */
export function tabsOf(role: Role): readonly Tab[] {
  return tabs.filter((tab) => seen[tab]?.includes(role) ?? true)
}

export function readAccountSearch(raw: Record<string, unknown>): AccountSearch {
  const tab = tabs.find((each) => each === raw.tab)
  const q = typeof raw.q === 'string' ? raw.q : ''
  return { ...(tab && tab !== 'profile' ? { tab } : {}), ...(q ? { q } : {}) }
}
