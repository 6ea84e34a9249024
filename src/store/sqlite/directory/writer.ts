/** Writes of accounts, credentials, routes and settings. */

import type { Account, Credential, CredentialStatus } from '../../../model/account.ts'
import type { RouteRule } from '../../../model/route.ts'
import type { ThrottleEntry } from '../../store.ts'
import type { Connection } from '../thread/connection.ts'

/** An account that begins: active, neither trusted nor shortened. */
type NewAccount = Pick<Account, 'name' | 'contact' | 'domains' | 'createdAt'>

function isTaken(error: unknown): boolean {
  return ((error as { code?: string }).code ?? '') === 'SQLITE_CONSTRAINT_UNIQUE'
}

/** Runs an insert; undefined when something unique is taken. */
function unlessTaken<T>(insert: () => T): T | undefined {
  try {
    return insert()
  } catch (error) {
    if (isTaken(error)) return undefined
    throw error
  }
}

export class DirectoryWriter {
  private readonly database: Connection

  constructor(database: Connection) {
    this.database = database
  }

  addAccount(account: NewAccount): Account | undefined {
    return unlessTaken(() => {
      const { lastInsertRowid } = this.database
        .prepare('INSERT INTO account (name, contact, status, domains, created_at) VALUES (?, ?, ?, ?, ?)')
        .run(account.name, account.contact, 'active', JSON.stringify(account.domains), account.createdAt)
      const fresh = {
        status: 'active',
        statusReason: '',
        keepDays: undefined,
        trusted: false,
        hourlyLimit: undefined,
        outgoing: 'flow',
      } as const
      return { ...account, ...fresh, id: Number(lastInsertRowid) }
    })
  }

  setAccountDomains(id: number, domains: string[]): void {
    this.database.prepare('UPDATE account SET domains = ? WHERE id = ?').run(JSON.stringify(domains), id)
  }

  setAccountContact(id: number, contact: string): void {
    this.database.prepare('UPDATE account SET contact = ? WHERE id = ?').run(contact, id)
  }

  addCredential(credential: Omit<Credential, 'id'>): Credential | undefined {
    const { account, kind, name, secret, status, hourlyLimit, createdAt } = credential
    return unlessTaken(() => {
      const { lastInsertRowid } = this.database
        .prepare(
          `INSERT INTO credential (account, kind, name, secret, status, hourly_limit, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(account, kind, name, secret ?? null, status, hourlyLimit ?? null, createdAt)
      return { ...credential, id: Number(lastInsertRowid) }
    })
  }

  setCredentialStatus(id: number, status: CredentialStatus): void {
    this.database.prepare('UPDATE credential SET status = ? WHERE id = ?').run(status, id)
  }

  removeCredential(id: number): void {
    this.database.prepare('DELETE FROM credential WHERE id = ?').run(id)
  }

  setRoute(rule: RouteRule): void {
    this.database
      .prepare(
        'INSERT INTO route (domain, route) VALUES (?, ?) ON CONFLICT (domain) DO UPDATE SET route = excluded.route',
      )
      .run(rule.domain, JSON.stringify(rule.route))
  }

  removeRoute(domain: string): boolean {
    return this.database.prepare('DELETE FROM route WHERE domain = ?').run(domain).changes > 0
  }

  setSetting(key: string, value: string): void {
    this.database
      .prepare('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(key, value)
  }

  /** Keeps the given entries; one without failures is forgotten. */
  saveThrottle(entries: ThrottleEntry[]): void {
    const keep = this.database.prepare(
      `INSERT INTO throttle (key, failures, last_at) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at`,
    )
    const forget = this.database.prepare('DELETE FROM throttle WHERE key = ?')
    for (const entry of entries) {
      if (entry.failures > 0) keep.run(entry.key, entry.failures, entry.lastAt)
      else forget.run(entry.key)
    }
  }
}
