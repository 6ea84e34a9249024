/** What the main database says about the seal key. */

import type { SealKeyRecord, WrappedDay } from '../../keys.ts'
import type { Connection } from '../thread/connection.ts'

/** The seal key in force; undefined while there is none. */
export function currentSealKey(database: Connection): SealKeyRecord | undefined {
  const row = database
    .prepare('SELECT id, public, created_at FROM seal_key ORDER BY created_at DESC, rowid DESC LIMIT 1')
    .get() as { id: string; public: Uint8Array; created_at: number } | undefined
  if (!row) return undefined
  const days = database.prepare('SELECT count(*) FROM sample_key WHERE wrapped IS NOT NULL').pluck().get() as number
  return { id: row.id, publicKey: row.public, createdAt: row.created_at, days }
}

/** The wrapped private key of every day that has samples. */
export function wrappedDays(database: Connection): WrappedDay[] {
  return database
    .prepare('SELECT day, wrapped FROM sample_key WHERE wrapped IS NOT NULL ORDER BY day')
    .all() as WrappedDay[]
}
