/** The second factor of people: codes of an authenticator app (RFC 6238), and recovery codes for when it is lost. */

import { randomInt } from 'node:crypto'
import { matchingStep, newSecret } from '../../base/totp.ts'
import type { Clock } from '../../mta/ports.ts'
import type { AuditEntry, UserStore } from '../../store/store.ts'
import { hashToken } from './sessions.ts'

const RECOVERY_CODES = 10
/** Letters and digits that are not mistaken for one another on paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
/** About 79 bits: beyond guessing, so that a fast hash will do. */
const RECOVERY_LENGTH = 16

/** How a code was proved right: by the app, or by a recovery code; undefined when it is wrong. */
export type Proof = 'code' | 'recovery code' | undefined

export interface SecondFactors {
  state(person: number): Promise<{ on: boolean; recoveryCodes: number }>
  /** A fresh secret to be confirmed; undefined when a second factor is on already. */
  begin(person: number): Promise<Uint8Array | undefined>
  /** Turns it on with the first code. Returns the recovery codes; undefined when the code is wrong. */
  confirm(person: number, code: string, entry: AuditEntry): Promise<string[] | undefined>
  /** Whether a code is right. A right one is used up by this. */
  take(person: number, code: string): Promise<Proof>
}

function newRecoveryCode(): string {
  const letters = Array.from({ length: RECOVERY_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)])
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}

/** A code as typed, without what people put between its groups. */
function plain(code: string): string {
  return code.replace(/[\s-]/g, '').toLowerCase()
}

function recoveryHash(code: string): string {
  return hashToken(plain(code))
}

/** How long a key that was shown and not confirmed is shown again, milliseconds. */
const BEGUN_MS = 10 * 60_000

/** Second factors kept in the store. */
export function createSecondFactors(users: UserStore, clock: Clock): SecondFactors {
  const begun = new Map<number, { secret: Uint8Array; until: number }>()
  return {
    async state(person) {
      const kept = await users.secondFactor(person)
      return { on: kept?.confirmed ?? false, recoveryCodes: kept?.recoveryCodes ?? 0 }
    },
    async begin(person) {
      // a page that asks twice shows a key that works, whichever answer it shows
      const last = begun.get(person)
      const kept = last && clock.now() < last.until ? await users.secondFactor(person) : undefined
      if (kept && !kept.confirmed && Buffer.from(kept.secret).equals(last!.secret)) return last!.secret
      const secret = newSecret()
      if (!(await users.beginSecondFactor(person, secret))) return undefined
      begun.set(person, { secret, until: clock.now() + BEGUN_MS })
      return secret
    },
    async confirm(person, code, entry) {
      const kept = await users.secondFactor(person)
      if (!kept || kept.confirmed) return undefined
      const step = matchingStep(kept.secret, plain(code), clock.now(), kept.lastStep)
      if (step === undefined) return undefined
      const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
      const confirmed = { person, step, at: clock.now(), recoveryHashes: codes.map(recoveryHash) }
      return (await users.confirmSecondFactor(confirmed, entry)) ? codes : undefined
    },
    async take(person, code) {
      const kept = await users.secondFactor(person)
      if (!kept?.confirmed) return undefined
      const step = matchingStep(kept.secret, plain(code), clock.now(), kept.lastStep)
      // the writer decides: the same code twice at once is taken once
      if (step !== undefined) return (await users.takeStep(person, step)) ? 'code' : undefined
      return (await users.takeRecoveryCode(person, recoveryHash(code))) ? 'recovery code' : undefined
    },
  }
}
