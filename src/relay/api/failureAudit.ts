/** Failed logins in the audit log: each of them, but not more than a flood of guesses may write. */

import type { Person } from '../../model/people.ts'
import { audit, type Parts } from './context.ts'

/** Entries a window; what is beyond is counted in the next entry that is written. */
const PER_WINDOW = 30
const WINDOW_MS = 60_000

export interface FailureAudit {
  /** @param person who was guessed at; undefined for an address nobody has, which is not written down: it may be a password */
  note(person: Person | undefined, address: string): Promise<void>
}

export function createFailureAudit(parts: Pick<Parts, 'store' | 'clock'>): FailureAudit {
  let windowStart = 0
  let written = 0
  let unwritten = 0

  return {
    async note(person, address) {
      const now = parts.clock.now()
      if (now - windowStart >= WINDOW_MS) {
        windowStart = now
        written = 0
      }
      if (written >= PER_WINDOW) {
        unwritten += 1
        return
      }
      written += 1
      const details = unwritten > 0 ? { address, unwrittenBefore: unwritten } : { address }
      unwritten = 0
      const object = person ? `person ${person.id}` : 'unknown person'
      await audit(parts, { kind: 'nobody' }, { action: 'session.login-failed', object, details })
    },
  }
}
