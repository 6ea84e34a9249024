/** Sessions of people and their API tokens: a secret is given out once, the store keeps its SHA-256 only. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { SessionKind, User } from '../../model/user.ts'
import type { Clock } from '../../mta/ports.ts'
import type { UserStore } from '../../store/store.ts'
import type { Found, StoredSession, StoredToken } from '../../store/users.ts'

/** How long a session lasts, in milliseconds: 7 days. */
export const SESSION_MS = 7 * 86_400_000
/** When a session or token was last used is written down at most this often, in milliseconds. */
const SEEN_MS = 60_000
/** What tells an API token from the token of a session. */
const API_TOKEN = 'mw_'

/** 32 random bytes, base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function newApiToken(): string {
  return `${API_TOKEN}${newToken()}`
}

export function isApiToken(token: string): boolean {
  return token.startsWith(API_TOKEN)
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

/** Where a session is opened. */
export interface Place {
  /** IP address, or `desktop` */
  address: string
  kind: SessionKind
}

export interface Sessions {
  /** Opens a session for a person whose identity has been proved. */
  open(person: User, place: Place): Promise<OpenedSession>
  /** Who holds a session, while it lasts; notes that it was used. An API token is none. */
  find(token: string): Promise<Found<StoredSession> | undefined>
  end(token: string): Promise<void>
  /** Who holds an API token, until it expires; notes that it was used. */
  findApiToken(token: string): Promise<Found<StoredToken> | undefined>
}

/** Sessions kept in the store. */
export function createSessions(users: UserStore, clock: Clock): Sessions {
  /** Nobody waits for it, and who cannot be noted is let in all the same: the store tells its faults by itself. */
  const note = (written: Promise<void>) => void written.catch(() => undefined)
  const isOld = (at: number | undefined, now: number) => at === undefined || now - at >= SEEN_MS || at > now
  return {
    async open(person, { address, kind }) {
      const token = newToken()
      const createdAt = clock.now()
      const expiresAt = createdAt + SESSION_MS
      await users.addSession({ tokenHash: hashToken(token), person: person.id, createdAt, expiresAt, address, kind })
      return { token, expiresAt }
    },
    async find(token) {
      const now = clock.now()
      const found = await users.bySession(hashToken(token), now)
      if (found && isOld(found.by.seenAt, now)) note(users.sawSession(found.by.id, now))
      return found
    },
    end: (token) => users.endSession(hashToken(token)),
    async findApiToken(token) {
      const now = clock.now()
      const found = await users.byToken(hashToken(token), now)
      if (found && isOld(found.by.usedAt, now)) note(users.usedToken(found.by.id, now))
      return found
    },
  }
}
