/** People, their sessions, second factors, tokens and invitations. Times are milliseconds of Unix time, hashes SHA-256 in hex. */

import type { Role, SessionKind, TokenScope, User } from '../model/user.ts'
import type { AuditEntry } from './auditLog.ts'

export interface StoredUser extends User {
  /** scrypt hash */
  passwordHash: string
}

/** A person with what an admin looks at. */
export interface ListedUser extends User {
  /** has a confirmed second factor */
  secondFactor: boolean
  /** undefined when there is neither session nor used token */
  seenAt: number | undefined
}

export interface NewSession {
  /** of the token; the token itself is never stored */
  tokenHash: string
  person: number
  createdAt: number
  expiresAt: number
  /** IP address, or `desktop` */
  address: string
  kind: SessionKind
}

export interface StoredSession {
  id: number
  person: number
  createdAt: number
  expiresAt: number
  seenAt: number
  address: string
  kind: SessionKind
}

export interface StoredToken {
  id: number
  person: number
  name: string
  scope: TokenScope
  createdAt: number
  expiresAt: number
  usedAt: number | undefined
}

export interface Invitation {
  id: number
  email: string
  name: string
  role: Role
  /** id of the account a member acts for */
  account?: number | undefined
  invitedBy: string
  createdAt: number
  expiresAt: number
}

/** A person behind a session or token, and whether the person has a second factor. */
export interface Found<T> {
  person: User
  secondFactor: boolean
  by: T
}

export interface SecondFactor {
  /** raw secret (RFC 4226 §4) */
  secret: Uint8Array
  confirmed: boolean
  /** time step of the last code that was taken; older ones and itself are not taken again */
  lastStep: number
  /** recovery codes that are left */
  recoveryCodes: number
}

export interface SecondFactorReset {
  at: number
  /** e-mail address, or `local` */
  by: string
}

/** As in the directory, a write is one transaction with the audit entry it is given. */
export interface UserStore {
  list(): Promise<ListedUser[]>
  byEmail(email: string): Promise<StoredUser | undefined>
  /** undefined when the address is taken */
  add(
    person: { email: string; name: string; role: Role; passwordHash: string; account?: number | undefined },
    entry?: AuditEntry,
  ): Promise<User | undefined>
  /** false when there is no such person, or it is the last admin */
  remove(id: number, entry?: AuditEntry): Promise<boolean>
  /**
   * False when there is no such person, or the last admin would become something else.
   * @param account of a member; undefined takes a former one away
   */
  setRole(id: number, role: Role, entry?: AuditEntry, account?: number): Promise<boolean>
  /** Sets the password and ends every other session of the person. */
  setPassword(change: { person: number; passwordHash: string; keepSession: number }, entry?: AuditEntry): Promise<void>

  addSession(session: NewSession): Promise<void>
  /** who holds a session that has not expired at `now` */
  bySession(tokenHash: string, now: number): Promise<Found<StoredSession> | undefined>
  /** Notes that a session was used; durable with the next commit. */
  sawSession(id: number, at: number): Promise<void>
  endSession(tokenHash: string, entry?: AuditEntry): Promise<void>
  /** sessions that have not expired, the last used first */
  sessions(person: number, now: number): Promise<StoredSession[]>
  /** false when the person has no such session */
  revokeSession(person: number, id: number, entry?: AuditEntry): Promise<boolean>

  /** Makes an invitation; one to the same address ends. */
  invite(invitation: Omit<Invitation, 'id'> & { tokenHash: string }, entry?: AuditEntry): Promise<{ id: number }>
  invitations(): Promise<Invitation[]>
  /** one that has not expired at `now` */
  invitation(tokenHash: string, now: number): Promise<Invitation | undefined>
  revokeInvitation(id: number, entry?: AuditEntry): Promise<boolean>
  /** Turns an invitation into a person, once; undefined when it has ended or the address is taken. */
  accept(
    accepted: { tokenHash: string; name: string; passwordHash: string; now: number },
    entry?: AuditEntry,
  ): Promise<User | undefined>

  secondFactor(person: number): Promise<SecondFactor | undefined>
  /** Keeps a secret to be confirmed; false when a confirmed one is there. */
  beginSecondFactor(person: number, secret: Uint8Array): Promise<boolean>
  /** Confirms the secret with the step of its first code; false when there is none to confirm. */
  confirmSecondFactor(
    confirmed: { person: number; step: number; at: number; recoveryHashes: string[] },
    entry?: AuditEntry,
  ): Promise<boolean>
  /** Takes the code of a step; false when it, or a later one, was taken before. */
  takeStep(person: number, step: number): Promise<boolean>
  /** Takes a recovery code; false when there is none such (any more). */
  takeRecoveryCode(person: number, hash: string): Promise<boolean>
  endSecondFactor(person: number, entry?: AuditEntry): Promise<void>
  /**
   * Ends the second factor of another person, and every session of theirs. False when the person has none.
   * @param by who does it, as the person is told
   */
  resetSecondFactor(person: number, by: string, entry: AuditEntry): Promise<boolean>
  /** What a person has not been told yet of a reset; undefined when there is nothing. Told by this. */
  takeReset(person: number): Promise<SecondFactorReset | undefined>

  addToken(
    token: Omit<StoredToken, 'id' | 'usedAt'> & { tokenHash: string },
    entry?: AuditEntry,
  ): Promise<{ id: number }>
  tokens(person: number): Promise<StoredToken[]>
  /** who holds a token that has not expired at `now` */
  byToken(tokenHash: string, now: number): Promise<Found<StoredToken> | undefined>
  /** Notes that a token was used; durable with the next commit. */
  usedToken(id: number, at: number): Promise<void>
  /** false when the person has no such token */
  revokeToken(person: number, id: number, entry?: AuditEntry): Promise<boolean>
}
