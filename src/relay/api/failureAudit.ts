/** Failed and refused logins in the audit log: each of them, but not more than a flood of guesses may write. */

import type { User } from '../../model/user.ts'
import { audit, type Parts } from './context.ts'

/** Entries a window; what is beyond is counted in the next entry that is written. */
const PER_WINDOW = 30
const WINDOW_MS = 60_000

export interface FailureAudit {
  /**
   * A wrong password.
   * @param person who was guessed at; undefined for an address nobody has, which is not written down: it may be a password
   */
  failed(person: User | undefined, address: string): Promise<void>
  /** A wrong code after a right password. */
  wrongCode(person: User, address: string): Promise<void>
  /** A try that was not even looked at, after too many wrong ones: once a window for each person and address. */
  lockedOut(person: User | undefined, address: string, waitMs: number): Promise<void>
}

export function createFailureAudit(parts: Pick<Parts, 'store' | 'clock'>): FailureAudit {
  let windowStart = 0
  let written = 0
  let unwritten = 0
  const lockedOut = new Set<string>()

  function beginWindow(): void {
    const now = parts.clock.now()
    if (now - windowStart < WINDOW_MS) return
    windowStart = now
    written = 0
    lockedOut.clear()
  }

  const nameOf = (person: User | undefined) => (person ? `person ${person.id}` : 'unknown person')

  async function note(action: string, object: string, said: Record<string, unknown>): Promise<void> {
    if (written >= PER_WINDOW) {
      unwritten += 1
      return
    }
    written += 1
    const details = unwritten > 0 ? { ...said, unwrittenBefore: unwritten } : said
    unwritten = 0
    await audit(parts, { kind: 'nobody' }, { action, object, details })
  }

  return {
    async failed(person, address) {
      beginWindow()
      await note('session.login-failed', nameOf(person), { address })
    },
    async wrongCode(person, address) {
      beginWindow()
      await note('session.code-failed', nameOf(person), { address })
    },
    async lockedOut(person, address, waitMs) {
      beginWindow()
      const key = `${nameOf(person)} ${address}`
      if (lockedOut.has(key)) return
      lockedOut.add(key)
      await note('session.locked-out', nameOf(person), { address, seconds: Math.ceil(waitMs / 1000) })
    },
  }
}
