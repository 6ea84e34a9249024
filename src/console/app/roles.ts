/** Which screens a role sees. The relay checks every call by itself; this only leaves out what it would refuse. */

import type { Role } from '../../model/people.ts'

export const screens = ['messages', 'queue', 'review', 'accounts', 'retention', 'audit', 'settings'] as const
export type Screen = (typeof screens)[number]

const seen: Record<Role, readonly Screen[]> = {
  admin: ['messages', 'queue', 'review', 'accounts', 'retention', 'audit', 'settings'],
  operator: ['messages', 'queue', 'accounts', 'retention', 'settings'],
  reviewer: ['messages', 'review', 'accounts', 'retention', 'settings'],
  auditor: ['review', 'accounts', 'retention', 'audit', 'settings'],
  member: ['settings'],
}

/** The screens of a role, in the order of the sidebar. */
export function screensOf(role: Role): readonly Screen[] {
  return seen[role]
}

/** The key after `g` that goes to a screen. */
export const screenKeys: Readonly<Record<Screen, string>> = {
  messages: 'm',
  queue: 'q',
  review: 'v',
  accounts: 'a',
  retention: 'r',
  audit: 'u',
  settings: 's',
}
