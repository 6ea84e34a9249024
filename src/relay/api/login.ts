/** Logging in with a password, and a second factor where there is one. What fails is slowed, and written down. */

import { hashPassword, verifyPassword } from '../../base/passwordHash.ts'
import type { User } from '../../model/user.ts'
import type { StoredUser } from '../../store/store.ts'
import { audit, type Parts } from './context.ts'
import { codeNeeded, tooMany, wrongCode, wrongLogin } from './errors.ts'
import { createFailureAudit } from './failureAudit.ts'

/** A hash no password fits: an unknown address costs as long as a wrong password (no telling who exists). */
const nobodysHash = hashPassword(`nobody ${Math.random()}`)

interface LoginInput {
  email: string
  password: string
  code?: string | undefined
}

/** Builds what logs a person in: resolves with the person, throws what the caller is told. */
export function createLogin(parts: Parts): (input: LoginInput, address: string) => Promise<User> {
  const { store, loginThrottle, secondFactors } = parts
  const failures = createFailureAudit(parts)

  /** The person behind an address and a password. A wrong one counts, and is slowed. */
  async function prove(input: LoginInput, person: StoredUser | undefined, address: string) {
    const begun = await loginThrottle.begin({ address, email: input.email })
    if (begun.kind === 'wait') {
      await failures.lockedOut(person, address, begun.waitMs)
      throw tooMany(begun.waitMs)
    }
    const right = await verifyPassword(input.password, person?.passwordHash ?? (await nobodysHash))
    if (!person || !right) {
      await failures.failed(person, address)
      throw wrongLogin()
    }
    return { person, begun }
  }

  async function logIn(input: LoginInput, address: string): Promise<User> {
    const known = await store.users.byEmail(input.email.trim())
    const { person, begun } = await prove(input, known, address)
    const { on } = await secondFactors.state(person.id)
    let details = {}
    if (on) {
      if (!input.code?.trim()) {
        await begun.withdrawn()
        throw codeNeeded()
      }
      const proof = await secondFactors.take(person.id, input.code)
      if (!proof) {
        await failures.wrongCode(person, address)
        throw wrongCode()
      }
      details = { secondFactor: proof }
    }
    await begun.succeeded()
    await audit(parts, { kind: 'person', person }, { action: 'session.login', object: `person ${person.id}`, details })
    return person
  }

  return logIn
}
