/** Which screens a role sees. The relay checks every call by itself; this only leaves out what it would refuse. */

import type { Role } from '../../model/user.ts'

export const screens = [
  'overview',
  'messages',
  'queue',
  'review',
  'accounts',
  'requests',
  'retention',
  'audit',
  'settings',
] as const
export type Screen = (typeof screens)[number]

const seen: Record<Role, readonly Screen[]> = {
  admin: ['overview', 'messages', 'queue', 'review', 'accounts', 'requests', 'retention', 'audit', 'settings'],
  operator: ['overview', 'messages', 'queue', 'accounts', 'retention', 'settings'],
  reviewer: ['overview', 'messages', 'review', 'accounts', 'requests', 'retention', 'settings'],
  auditor: ['overview', 'review', 'accounts', 'requests', 'retention', 'audit', 'settings'],
  member: ['settings'],
}

/** The screens of a role, in the order of the sidebar. */
export function screensOf(role: Role): readonly Screen[] {
  return seen[role]
}

/** The key after `g` that goes to a screen. */
export const screenKeys: Readonly<Record<Screen, string>> = {
  overview: 'o',
  messages: 'm',
  queue: 'q',
  review: 'v',
  accounts: 'a',
  requests: 'd',
  retention: 'r',
  audit: 'u',
  settings: 's',
}
