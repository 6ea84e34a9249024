/** Copies of database files under another key. */

import { closeSync, fsyncSync, openSync } from 'node:fs'
import { type Connection, openConnection } from '../thread/connection.ts'

/** Waits until a file is on the disk. */
export function flushFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Copies the rows of a table into a new database, by the names of its columns, in place of what its migrations wrote. */
export function copyTable(from: Connection, to: Connection, table: string, where = 'TRUE'): void {
  const columns = to.pragma(`table_info(${table})`) as { name: string }[]
  const names = columns.map(({ name }) => name).join(', ')
  to.exec(`DELETE FROM ${table}`)
  const insert = to.prepare(`INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`)
  for (const row of from.prepare(`SELECT ${names} FROM ${table} WHERE ${where}`).raw().iterate()) {
    insert.run(...(row as unknown[]))
  }
}

/** Puts what a database was given into its one file, ready to be moved, and closes it. */
export function closeAsOneFile(database: Connection): void {
  const path = database.name
  database.pragma('journal_mode=DELETE')
  database.close()
  flushFile(path)
}

/**
 * Copies a database file as it is at one moment, also while it is written to, and puts the copy under another key: a
 * key that is destroyed on one side must not live on at the other.
 * @throws SqliteError SQLITE_CANTOPEN when there is no such file
 */
export function copyDatabase(from: { path: string; key: Uint8Array }, to: { path: string; key: Uint8Array }): void {
  const source = openConnection({ ...from, readonly: true, cacheKiB: 2048 })
  try {
    source.prepare('VACUUM INTO ?').run(to.path)
  } finally {
    source.close()
  }
  const copy = openConnection({ path: to.path, key: from.key, cacheKiB: 2048 })
  // a copy that is not whole is not used: no journal is needed to bring back what it was
  copy.pragma('journal_mode=MEMORY')
  copy.pragma('synchronous=OFF')
  copy.pragma(`rekey="x'${Buffer.from(to.key).toString('hex')}'"`)
  copy.close()
  flushFile(to.path)
}
