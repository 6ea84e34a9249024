/** Answers what there is of accounts, credentials, routes, settings and wrong passwords. */

import type { Account, Credential } from '../../../model/account.ts'
import type { Route, RouteRule } from '../../../model/route.ts'
import type { ThrottleEntry } from '../../store.ts'
import { retentionRulesOf } from '../retention/rules.ts'
import type { Connection } from '../thread/connection.ts'

interface AccountRow {
  id: number
  name: string
  contact: string
  status: Account['status']
  status_reason: string
  hourly_limit: number | null
  outgoing: Account['outgoing']
  keep_days: number | null
  trusted: number
  domains: string
  created_at: number
}

interface CredentialRow {
  id: number
  account: number
  kind: Credential['kind']
  name: string
  secret: string | null
  status: Credential['status']
  hourly_limit: number | null
  created_at: number
}

/** Everything the event loop keeps in memory of the directory. */
export interface DirectoryContents {
  accounts: Account[]
  credentials: Credential[]
  routes: RouteRule[]
  /** days of the policy of retention */
  keepDays: number
}

export class DirectoryReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  contents(): DirectoryContents {
    const accounts = this.main.prepare('SELECT * FROM account ORDER BY name').all() as AccountRow[]
    const credentials = this.main.prepare('SELECT * FROM credential ORDER BY id').all() as CredentialRow[]
    const routes = this.main.prepare('SELECT * FROM route ORDER BY domain').all() as { domain: string; route: string }[]
    return {
      accounts: accounts.map(decodeAccount),
      credentials: credentials.map(({ created_at, secret, hourly_limit, ...credential }) => ({
        ...credential,
        secret: secret ?? undefined,
        hourlyLimit: hourly_limit ?? undefined,
        createdAt: created_at,
      })),
      routes: routes.map(({ domain, route }) => ({ domain, route: JSON.parse(route) as Route })),
      keepDays: retentionRulesOf(this.main).days,
    }
  }

  setting(key: string): string | undefined {
    return this.main.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(key) as string | undefined
  }

  throttle(): ThrottleEntry[] {
    const rows = this.main.prepare('SELECT key, failures, last_at FROM throttle').all()
    return (rows as { key: string; failures: number; last_at: number }[]).map(({ last_at, ...entry }) => ({
      ...entry,
      lastAt: last_at,
    }))
  }
}

function decodeAccount(row: AccountRow): Account {
  const { id, name, contact, status, status_reason, keep_days, trusted, domains, created_at, hourly_limit, outgoing } =
    row
  return {
    id,
    name,
    contact,
    status,
    statusReason: status_reason,
    hourlyLimit: hourly_limit ?? undefined,
    outgoing,
    keepDays: keep_days ?? undefined,
    trusted: trusted === 1,
    domains: JSON.parse(domains) as string[],
    createdAt: created_at,
  }
}
