/** Sessions of people: the token is given out once, the store keeps its SHA-256 only. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../engine/seams.ts'
import type { Person } from '../model/people.ts'
import type { People } from '../store/store.ts'

/** How long a session lasts, in milliseconds: 7 days. */
export const SESSION_MS = 7 * 86_400_000

/** 32 random bytes, base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a token: SHA-256, hex. A token has 256 random bits, so a slow hash would add nothing. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Whether a token belongs to a hash, in constant time. */
export function tokenFits(token: string, hash: string): boolean {
  const given = Buffer.from(hashToken(token), 'hex')
  const kept = Buffer.from(hash, 'hex')
  return given.length === kept.length && timingSafeEqual(given, kept)
}

export interface OpenedSession {
  token: string
  /** milliseconds, Unix time */
  expiresAt: number
}

export interface Sessions {
  /** Opens a session for a person whose identity has been proved. */
  open(person: Person): Promise<OpenedSession>
  /** The person of a token, while its session lasts. */
  person(token: string): Promise<Person | undefined>
  end(token: string): Promise<void>
}

/** Sessions kept in the store. */
export function createSessions(people: People, clock: Clock): Sessions {
  return {
    async open(person) {
      const token = newToken()
      const createdAt = clock.now()
      const expiresAt = createdAt + SESSION_MS
      await people.addSession({ tokenHash: hashToken(token), person: person.id, createdAt, expiresAt })
      return { token, expiresAt }
    },
    person: (token) => people.bySession(hashToken(token), clock.now()),
    end: (token) => people.endSession(hashToken(token)),
  }
}
