/** Which screens a role sees. The relay checks every call by itself; this only leaves out what it would refuse. */

import type { Role } from '../../model/people.ts'

export const screens = ['messages', 'queue', 'accounts', 'settings'] as const
export type Screen = (typeof screens)[number]

const seen: Record<Role, readonly Screen[]> = {
  admin: ['messages', 'queue', 'accounts', 'settings'],
  operator: ['messages', 'queue', 'accounts', 'settings'],
  reviewer: ['settings'],
  auditor: ['accounts', 'settings'],
  member: ['settings'],
}

/** The screens of a role, in the order of the sidebar. */
export function screensOf(role: Role): readonly Screen[] {
  return seen[role]
}
