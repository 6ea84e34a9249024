/** Which tables of the main database are in a backup, and which never are. A test says of each whether it belongs there. */

import type { Connection } from '../thread/connection.ts'

/** In a backup, but not as they are: bodies come out of their segments, days get other keys, blocks lose their secret. */
export const changedTables: readonly string[] = ['body', 'day', 'draw']

/** Never in a backup: samples and all that leads to them, and what lets people in. */
export const leftOutTables: readonly string[] = [
  'sample',
  'sample_key',
  'sample_address',
  'seal_key',
  'session',
  'invitation',
  'api_token',
  'throttle',
  'request_code',
  // what was put together for a person lies in files of its own, whose keys are here
  'package',
]

/** Settings that are secrets of the same kind: the key of the samples' blind index, the token for the first person. */
export const leftOutSettings: readonly string[] = ['samples.blindKey', 'first person token hash']

/** The tables that are copied as they are: all others. */
export function copiedTables(database: Connection): string[] {
  const select = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
  const tables = database.prepare(select).pluck().all() as string[]
  return tables.filter((name) => !changedTables.includes(name) && !leftOutTables.includes(name))
}
