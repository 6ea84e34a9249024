/** Reads people, their sessions, second factors, tokens and invitations. */

import type { Role, SessionKind, TokenScope, User } from '../../../model/user.ts'
import type {
  Found,
  Invitation,
  ListedUser,
  SecondFactor,
  StoredSession,
  StoredToken,
  StoredUser,
} from '../../users.ts'
import type { Connection } from '../thread/connection.ts'

interface SubjectRow {
  id: number
  email: string
  name: string
  role: Role
  password_hash: string
  account: number | null
  created_at: number
}

/** What every look at a session or token brings about its person. */
interface CustomerRow {
  holder: number
  email: string
  holder_name: string
  role: Role
  holder_account: number | null
  since: number
  second_factor: number
}

interface SessionRow {
  id: number
  person: number
  created_at: number
  expires_at: number
  seen_at: number
  address: string
  kind: SessionKind
}

interface TokenRow {
  id: number
  person: number
  name: string
  scope: TokenScope
  created_at: number
  expires_at: number
  used_at: number | null
}

interface InvitationRow {
  id: number
  email: string
  name: string
  role: Role
  account: number | null
  invited_by: string
  created_at: number
  expires_at: number
}

const hasSecondFactor =
  'EXISTS (SELECT 1 FROM second_factor f WHERE f.person = p.id AND f.confirmed_at IS NOT NULL) AS second_factor'
const holder = `p.id AS holder, p.email, p.name AS holder_name, p.role, p.account AS holder_account, p.created_at AS since,
  ${hasSecondFactor}`

function decodeUser({ id, email, name, role, account, created_at }: SubjectRow): User {
  return { id, email, name, role, account: account ?? undefined, createdAt: created_at }
}

function decodeSession(row: SessionRow): StoredSession {
  const { id, person, created_at, expires_at, seen_at, address, kind } = row
  return { id, person, createdAt: created_at, expiresAt: expires_at, seenAt: seen_at, address, kind }
}

function decodeToken({ id, person, name, scope, created_at, expires_at, used_at }: TokenRow): StoredToken {
  return { id, person, name, scope, createdAt: created_at, expiresAt: expires_at, usedAt: used_at ?? undefined }
}

function decodeInvitation(row: InvitationRow): Invitation {
  const { id, email, name, role, account, invited_by, created_at, expires_at } = row
  const times = { createdAt: created_at, expiresAt: expires_at }
  return { id, email, name, role, account: account ?? undefined, invitedBy: invited_by, ...times }
}

function found<T>(row: CustomerRow, by: T): Found<T> {
  const { holder: id, email, holder_name: name, role, holder_account, since: createdAt, second_factor } = row
  const person = { id, email, name, role, account: holder_account ?? undefined, createdAt }
  return { person, secondFactor: second_factor === 1, by }
}

export class UserReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  list(): ListedUser[] {
    const rows = this.main
      .prepare(
        `SELECT p.*, ${hasSecondFactor},
           (SELECT max(at) FROM (
              SELECT seen_at AS at FROM session WHERE person = p.id
              UNION ALL SELECT used_at FROM api_token WHERE person = p.id)) AS seen
         FROM person p ORDER BY p.id`,
      )
      .all() as (SubjectRow & { second_factor: number; seen: number | null })[]
    return rows.map((row) => ({
      ...decodeUser(row),
      secondFactor: row.second_factor === 1,
      seenAt: row.seen ?? undefined,
    }))
  }

  byEmail(email: string): StoredUser | undefined {
    const row = this.main.prepare('SELECT * FROM person WHERE lower(email) = ?').get(email.toLowerCase()) as
      | SubjectRow
      | undefined
    return row && { ...decodeUser(row), passwordHash: row.password_hash }
  }

  bySession(tokenHash: string, now: number): Found<StoredSession> | undefined {
    const row = this.main
      .prepare(
        `SELECT s.*, ${holder} FROM session s JOIN person p ON p.id = s.person
         WHERE s.token_hash = ? AND s.expires_at > ?`,
      )
      .get(tokenHash, now) as (SessionRow & CustomerRow) | undefined
    return row && found(row, decodeSession(row))
  }

  byToken(tokenHash: string, now: number): Found<StoredToken> | undefined {
    const row = this.main
      .prepare(
        `SELECT t.*, ${holder} FROM api_token t JOIN person p ON p.id = t.person
         WHERE t.token_hash = ? AND t.expires_at > ?`,
      )
      .get(tokenHash, now) as (TokenRow & CustomerRow) | undefined
    return row && found(row, decodeToken(row))
  }

  sessions(person: number, now: number): StoredSession[] {
    const rows = this.main
      .prepare('SELECT * FROM session WHERE person = ? AND expires_at > ? ORDER BY seen_at DESC, id DESC')
      .all(person, now) as SessionRow[]
    return rows.map(decodeSession)
  }

  tokens(person: number): StoredToken[] {
    const rows = this.main.prepare('SELECT * FROM api_token WHERE person = ? ORDER BY id').all(person) as TokenRow[]
    return rows.map(decodeToken)
  }

  invitations(): Invitation[] {
    return (this.main.prepare('SELECT * FROM invitation ORDER BY id').all() as InvitationRow[]).map(decodeInvitation)
  }

  invitation(tokenHash: string, now: number): Invitation | undefined {
    const row = this.main
      .prepare('SELECT * FROM invitation WHERE token_hash = ? AND expires_at > ?')
      .get(tokenHash, now) as InvitationRow | undefined
    return row && decodeInvitation(row)
  }

  secondFactor(person: number): SecondFactor | undefined {
    const row = this.main
      .prepare(
        `SELECT secret, confirmed_at, last_step,
           (SELECT count(*) FROM recovery_code r WHERE r.person = f.person) AS codes
         FROM second_factor f WHERE person = ?`,
      )
      .get(person) as { secret: Uint8Array; confirmed_at: number | null; last_step: number; codes: number } | undefined
    if (!row) return undefined
    const { secret, confirmed_at, last_step, codes } = row
    return { secret, confirmed: confirmed_at !== null, lastStep: last_step, recoveryCodes: codes }
  }
}
