/** Requests for trust: rows, and the part of the store that keeps them. */

import type { TrustRequest, TrustRequestStore } from '../../trustRequests.ts'
import { write } from '../audit/client.ts'
import type { Channel } from '../thread/channel.ts'
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

/** False when one of the account waits already. */
export function writeTrustRequest(database: Connection, request: TrustRequest): boolean {
  const { account, requestedBy, reason, requestedAt } = request
  return (
    database
      .prepare(
        `INSERT INTO trust_request (account, requested_by, reason, requested_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (account) DO NOTHING`,
      )
      .run(account, requestedBy, reason, requestedAt).changes > 0
  )
}

/** A decision about the account is made: its request is answered, inside the deciding transaction. False for none. */
export function endTrustRequest(database: Connection, account: number): boolean {
  return database.prepare('DELETE FROM trust_request WHERE account = ?').run(account).changes > 0
}

export function createTrustRequests(writer: Channel, reader: Channel): TrustRequestStore {
  const list = () => reader.call<TrustRequest[]>('trustRequests', undefined)
  return {
    list,
    of: async (account) => (await list()).find((request) => request.account === account),
    ask: (request, entry) => write(writer, 'askTrust', request, entry),
  }
}
