/** Writes of people, their sessions, second factors, tokens and invitations, each with its entry in the audit log where it is given one. */

import { mayReview } from '../../../model/case.ts'
import type { Role, User } from '../../../model/user.ts'
import type { AuditEntry } from '../../auditLog.ts'
import type { Invitation, NewSession, SecondFactorReset, StoredToken } from '../../users.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { OpeningWriter } from '../cases/openings.ts'
import type { Connection } from '../thread/connection.ts'

interface NewUser {
  email: string
  name: string
  role: Role
  passwordHash: string
  /** id; of a member */
  account?: number | undefined
  createdAt: number
}

/** Key of the setting with the highest id a person ever had. */
const LAST_ID = 'people.lastId'

/** What goes with a person. */
const belongings = ['session', 'api_token', 'recovery_code', 'second_factor'] as const

export class UserWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly openings: OpeningWriter

  constructor(database: Connection, audit: AuditWriter, openings: OpeningWriter) {
    this.database = database
    this.audit = audit
    this.openings = openings
  }

  /** Undefined when the address is taken. An invitation to it has no use any more. */
  add(person: NewUser, entry: AuditEntry | undefined): User | undefined {
    return this.audit.after(this.insert(person), entry)
  }

  private insert({ email, name, role, passwordHash, account, createdAt }: NewUser): User | undefined {
    if (this.database.prepare('SELECT 1 FROM person WHERE lower(email) = lower(?)').get(email)) return undefined
    this.database.prepare('DELETE FROM invitation WHERE lower(email) = lower(?)').run(email)
    const id = this.newId()
    this.database
      .prepare(
        'INSERT INTO person (id, email, name, role, password_hash, account, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, email, name, role, passwordHash, account ?? null, createdAt)
    return { id, email, name, role, account, createdAt }
  }

  /** An id nobody ever had: who asked for an opening, or approved one, is known by it also when they are gone. */
  private newId(): number {
    const last = this.database
      .prepare(
        'SELECT max(coalesce((SELECT value FROM setting WHERE key = ?), 0) + 0, coalesce(max(id), 0)) FROM person',
      )
      .pluck()
      .get(LAST_ID) as number
    this.database.prepare('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)').run(LAST_ID, String(last + 1))
    return last + 1
  }

  private isLastAdmin(id: number): boolean {
    const admins = this.database.prepare("SELECT id FROM person WHERE role = 'admin'").pluck().all() as number[]
    return admins.length === 1 && admins[0] === id
  }

  /** False when there is no such person or it is the last admin. What they asked to open, or approved, is taken back. */
  remove(id: number, at: number, entry: AuditEntry | undefined): boolean {
    if (this.isLastAdmin(id)) return false
    for (const table of belongings) this.database.prepare(`DELETE FROM ${table} WHERE person = ?`).run(id)
    const removed = this.changes('DELETE FROM person WHERE id = ?', id)
    if (removed) this.openings.withdraw(id, at)
    return this.audit.after(removed, entry)
  }

  /** False when there is no such person, or the last admin would become something else. */
  setRole(
    { id, role, account }: { id: number; role: Role; account: number | undefined },
    at: number,
    entry: AuditEntry | undefined,
  ): boolean {
    if (role !== 'admin' && this.isLastAdmin(id)) return false
    const changed = this.changes('UPDATE person SET role = ?, account = ? WHERE id = ?', role, account ?? null, id)
    if (changed && !mayReview(role)) this.openings.withdraw(id, at)
    return this.audit.after(changed, entry)
  }

  setPassword(
    change: { person: number; passwordHash: string; keepSession: number },
    entry: AuditEntry | undefined,
  ): void {
    this.database.prepare('UPDATE person SET password_hash = ? WHERE id = ?').run(change.passwordHash, change.person)
    this.database.prepare('DELETE FROM session WHERE person = ? AND id <> ?').run(change.person, change.keepSession)
    this.audit.after(true, entry)
  }

  addSession({ tokenHash, person, createdAt, expiresAt, address, kind }: NewSession): void {
    this.database.prepare('DELETE FROM session WHERE expires_at < ?').run(createdAt)
    this.database
      .prepare(
        `INSERT INTO session (token_hash, person, created_at, expires_at, seen_at, address, kind)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(tokenHash, person, createdAt, expiresAt, createdAt, address, kind)
  }

  sawSession(id: number, at: number): void {
    this.database.prepare('UPDATE session SET seen_at = ? WHERE id = ?').run(at, id)
  }

  endSession(tokenHash: string, entry: AuditEntry | undefined): void {
    this.database.prepare('DELETE FROM session WHERE token_hash = ?').run(tokenHash)
    this.audit.after(true, entry)
  }

  revokeSession(person: number, id: number, entry: AuditEntry | undefined): boolean {
    return this.audit.after(this.changes('DELETE FROM session WHERE person = ? AND id = ?', person, id), entry)
  }

  invite(invitation: Omit<Invitation, 'id'> & { tokenHash: string }, entry: AuditEntry | undefined): { id: number } {
    const { email, name, role, account, tokenHash, invitedBy, createdAt, expiresAt } = invitation
    this.database.prepare('DELETE FROM invitation WHERE lower(email) = lower(?)').run(email)
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO invitation (email, name, role, account, token_hash, invited_by, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(email, name, role, account ?? null, tokenHash, invitedBy, createdAt, expiresAt)
    return this.audit.after({ id: Number(lastInsertRowid) }, entry)
  }

  revokeInvitation(id: number, entry: AuditEntry | undefined): boolean {
    return this.audit.after(this.changes('DELETE FROM invitation WHERE id = ?', id), entry)
  }

  /** The invitation goes as the person comes: used twice at once, it makes one person. */
  accept(
    accepted: { tokenHash: string; name: string; passwordHash: string; now: number },
    entry: AuditEntry | undefined,
  ): User | undefined {
    const { tokenHash, name, passwordHash, now } = accepted
    const invited = this.database
      .prepare('SELECT email, role, account FROM invitation WHERE token_hash = ? AND expires_at > ?')
      .get(tokenHash, now) as { email: string; role: Role; account: number | null } | undefined
    if (!invited) return undefined
    return this.add({ ...invited, account: invited.account ?? undefined, name, passwordHash, createdAt: now }, entry)
  }

  /** False when there is a confirmed one. */
  beginSecondFactor(person: number, secret: Uint8Array): boolean {
    return this.changes(
      `INSERT INTO second_factor (person, secret, last_step) VALUES (?, ?, 0)
       ON CONFLICT (person) DO UPDATE SET secret = excluded.secret WHERE confirmed_at IS NULL`,
      person,
      secret,
    )
  }

  confirmSecondFactor(
    confirmed: { person: number; step: number; at: number; recoveryHashes: string[] },
    entry: AuditEntry | undefined,
  ): boolean {
    const { person, step, at, recoveryHashes } = confirmed
    const sql = 'UPDATE second_factor SET confirmed_at = ?, last_step = ? WHERE person = ? AND confirmed_at IS NULL'
    if (!this.changes(sql, at, step, person)) return false
    const insert = this.database.prepare('INSERT INTO recovery_code (person, hash) VALUES (?, ?)')
    for (const hash of recoveryHashes) insert.run(person, hash)
    return this.audit.after(true, entry)
  }

  /** RFC 6238 §5.2: a code is taken once; so is none from before it. */
  takeStep(person: number, step: number): boolean {
    const sql = 'UPDATE second_factor SET last_step = ? WHERE person = ? AND confirmed_at IS NOT NULL AND last_step < ?'
    return this.changes(sql, step, person, step)
  }

  takeRecoveryCode(person: number, hash: string): boolean {
    return this.changes('DELETE FROM recovery_code WHERE person = ? AND hash = ?', person, hash)
  }

  endSecondFactor(person: number, entry: AuditEntry | undefined): void {
    this.forgetSecondFactor(person)
    this.audit.after(true, entry)
  }

  private forgetSecondFactor(person: number): void {
    for (const table of ['recovery_code', 'second_factor'])
      this.database.prepare(`DELETE FROM ${table} WHERE person = ?`).run(person)
  }

  /** False when there is no confirmed one to reset. */
  resetSecondFactor(person: number, by: string, entry: AuditEntry): boolean {
    const confirmed = 'SELECT 1 FROM second_factor WHERE person = ? AND confirmed_at IS NOT NULL'
    if (!this.database.prepare(confirmed).get(person)) return false
    this.forgetSecondFactor(person)
    this.database.prepare('DELETE FROM session WHERE person = ?').run(person)
    const sql = 'UPDATE person SET factor_reset_at = ?, factor_reset_by = ? WHERE id = ?'
    return this.audit.after(this.changes(sql, entry.at, by, person), entry)
  }

  /** What the person has not been told yet of a reset. */
  takeReset(person: number): SecondFactorReset | undefined {
    const found = this.database
      .prepare(
        'SELECT factor_reset_at AS at, factor_reset_by AS "by" FROM person WHERE id = ? AND factor_reset_at IS NOT NULL',
      )
      .get(person) as SecondFactorReset | undefined
    if (found) this.changes('UPDATE person SET factor_reset_at = NULL, factor_reset_by = NULL WHERE id = ?', person)
    return found
  }

  addToken(
    token: Omit<StoredToken, 'id' | 'usedAt'> & { tokenHash: string },
    entry: AuditEntry | undefined,
  ): { id: number } {
    const { person, name, scope, tokenHash, createdAt, expiresAt } = token
    const { lastInsertRowid } = this.database
      .prepare(
        'INSERT INTO api_token (person, name, scope, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(person, name, scope, tokenHash, createdAt, expiresAt)
    return this.audit.after({ id: Number(lastInsertRowid) }, entry)
  }

  usedToken(id: number, at: number): void {
    this.database.prepare('UPDATE api_token SET used_at = ? WHERE id = ?').run(at, id)
  }

  revokeToken(person: number, id: number, entry: AuditEntry | undefined): boolean {
    return this.audit.after(this.changes('DELETE FROM api_token WHERE person = ? AND id = ?', person, id), entry)
  }

  /** Whether a statement changed anything. */
  private changes(sql: string, ...values: unknown[]): boolean {
    return this.database.prepare(sql).run(...values).changes > 0
  }
}
