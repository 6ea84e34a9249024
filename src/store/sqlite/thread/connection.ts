/** Opens encrypted SQLite files the one way this store uses them. */

import Database from 'better-sqlite3'

export type Connection = Database.Database
export type Statement = Database.Statement

export interface ConnectionOptions {
  path: string
  /** 32 bytes */
  key: Uint8Array
  readonly?: boolean
  /** KiB of page cache */
  cacheKiB: number
}

/** Bytes a page has. 8 KiB lets an ordinary message's body lie in one page instead of a chain. */
const PAGE_SIZE = 8192

/** How long a connection waits for another one, in milliseconds. */
export const BUSY_MS = 10_000

const MISSING = 'FILE_MISSING'

/** An error for a file that is not there although it has to be. */
export function missingFile(path: string): Error {
  return Object.assign(new Error(`${path} is missing`), { code: MISSING })
}

/** Whether a file is missing, or no database under this key: wrong key, or not readable any more. */
export function isUnreadable(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? ''
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === MISSING
}

/**
 * Opens a database file encrypted page by page with AEGIS, in WAL mode, every commit flushed to the disk.
 * `synchronous=FULL` must be said: this build's default for WAL loses acknowledged rows at a power cut.
 * @throws SqliteError SQLITE_NOTADB when the key does not fit
 */
export function openConnection(options: ConnectionOptions): Connection {
  const database = new Database(options.path, { readonly: options.readonly ?? false, timeout: BUSY_MS })
  try {
    database.pragma("cipher='aegis'")
    database.pragma(`key="x'${Buffer.from(options.key).toString('hex')}'"`)
    if (!options.readonly) {
      database.pragma(`page_size=${PAGE_SIZE}`)
      database.pragma('journal_mode=WAL')
      database.pragma('synchronous=FULL')
      database.pragma('secure_delete=ON')
    }
    database.pragma(`cache_size=-${options.cacheKiB}`)
    database.pragma('temp_store=MEMORY')
    database.prepare('SELECT count(*) FROM sqlite_master').get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Runs the migrations a file has not had yet, each in a transaction of its own; `user_version` counts them. */
export function migrate(database: Connection, migrations: readonly string[]): void {
  const done = database.pragma('user_version', { simple: true }) as number
  if (done > migrations.length) {
    throw new Error(
      `${database.name} was written by a newer Mailward (schema ${done}, this one knows ${migrations.length}): update Mailward`,
    )
  }
  migrations.slice(done).forEach((sql, index) => {
    database.transaction(() => {
      database.exec(sql)
      database.pragma(`user_version=${done + index + 1}`)
    })()
  })
}
