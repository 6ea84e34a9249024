/** Rows of requests for trust. */

import type { TrustRequest } from '../../trustRequests.ts'
import type { Connection } from '../thread/connection.ts'

interface TrustRequestRow {
  account: number
  requested_by: string
  reason: string
  requested_at: number
}

/** All that wait, oldest first. */
export function readTrustRequests(main: Connection): TrustRequest[] {
  const rows = main.prepare('SELECT * FROM trust_request ORDER BY requested_at, account').all() as TrustRequestRow[]
  return rows.map(({ account, requested_by, reason, requested_at }) => ({
    account,
    requestedBy: requested_by,
    reason,
    requestedAt: requested_at,
  }))
}

/** A decision about the account is made: its request is answered, inside the deciding transaction. False for none. */
export function endTrustRequest(database: Connection, account: number): boolean {
  return database.prepare('DELETE FROM trust_request WHERE account = ?').run(account).changes > 0
}
