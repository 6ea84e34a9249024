/** Writes of accounts, credentials, routes and settings, each with its entry in the audit log where it is given one. */

import type { Account, Credential, CredentialStatus } from '../../../model/account.ts'
import type { RouteRule } from '../../../model/route.ts'
import type { AuditEntry } from '../../auditLog.ts'
import type { ThrottleEntry } from '../../store.ts'
import type { AuditWriter } from '../audit/writer.ts'
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
  private readonly audit: AuditWriter

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
  }

  addAccount(account: NewAccount, entry: AuditEntry | undefined): Account | undefined {
    const added = unlessTaken((): Account => {
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
    return this.audit.after(added, entry)
  }

  setAccountDomains(id: number, domains: string[], entry: AuditEntry | undefined): void {
    this.database.prepare('UPDATE account SET domains = ? WHERE id = ?').run(JSON.stringify(domains), id)
    this.audit.after(true, entry)
  }

  setAccountContact(id: number, contact: string, entry: AuditEntry | undefined): void {
    this.database.prepare('UPDATE account SET contact = ? WHERE id = ?').run(contact, id)
    this.audit.after(true, entry)
  }

  addCredential(credential: Omit<Credential, 'id'>, entry: AuditEntry | undefined): Credential | undefined {
    const { account, kind, name, secret, status, hourlyLimit, createdAt } = credential
    const added = unlessTaken(() => {
      const { lastInsertRowid } = this.database
        .prepare(
          `INSERT INTO credential (account, kind, name, secret, status, hourly_limit, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(account, kind, name, secret ?? null, status, hourlyLimit ?? null, createdAt)
      return { ...credential, id: Number(lastInsertRowid) }
    })
    return this.audit.after(added, entry)
  }

  setCredentialStatus(id: number, status: CredentialStatus, entry: AuditEntry | undefined): void {
    this.database.prepare('UPDATE credential SET status = ? WHERE id = ?').run(status, id)
    this.audit.after(true, entry)
  }

  removeCredential(id: number, entry: AuditEntry | undefined): void {
    this.database.prepare('DELETE FROM credential WHERE id = ?').run(id)
    this.audit.after(true, entry)
  }

  setRoute(rule: RouteRule, entry: AuditEntry | undefined): void {
    this.database
      .prepare(
        'INSERT INTO route (domain, route) VALUES (?, ?) ON CONFLICT (domain) DO UPDATE SET route = excluded.route',
      )
      .run(rule.domain, JSON.stringify(rule.route))
    this.audit.after(true, entry)
  }

  removeRoute(domain: string, entry: AuditEntry | undefined): boolean {
    const removed = this.database.prepare('DELETE FROM route WHERE domain = ?').run(domain).changes > 0
    return this.audit.after(removed, entry)
  }

  setSetting(key: string, value: string, entry: AuditEntry | undefined): void {
    this.database
      .prepare('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(key, value)
    this.audit.after(true, entry)
  }

  /** Keeps the given entries; one without failures is forgotten. */
  saveThrottle(entries: ThrottleEntry[], act: AuditEntry | undefined): void {
    const keep = this.database.prepare(
      `INSERT INTO throttle (key, failures, last_at) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at`,
    )
    const forget = this.database.prepare('DELETE FROM throttle WHERE key = ?')
    for (const entry of entries) {
      if (entry.failures > 0) keep.run(entry.key, entry.failures, entry.lastAt)
      else forget.run(entry.key)
    }
    this.audit.after(true, act)
  }
}
