/** What a role may see, where a screen leads to another. The relay checks every call by itself. */

import type { Role } from '../../model/user.ts'

const readers: readonly Role[] = ['admin', 'operator', 'reviewer']

/** Whether a link to messages leads anywhere. */
export function seesMessages(role: Role): boolean {
  return readers.includes(role)
}
