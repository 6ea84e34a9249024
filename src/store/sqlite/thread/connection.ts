/** Opens encrypted SQLite files the one way this store uses them. */

import { rmSync } from 'node:fs'
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

/**
 * Whether something could not be written for want of room. SQLite undoes what it had begun, so that it can be tried again
 * once there is room. The index beside a log is made when a file is opened, which fails with codes of its own.
 */
export function isFull(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? ''
  return ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'].includes(code)
}

/** Whether a file is missing, or no database under this key: wrong key, or not readable any more. */
export function isUnreadable(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? ''
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === MISSING
}

/**
 * Opens a database file encrypted page by page with AEGIS, in WAL mode, every commit flushed to the disk.
 * `synchronous=FULL` must be said: this build's default for WAL loses acknowledged rows at a power cut.
 * What a killed process left half done in the file is undone first, also when it is only read.
 * @throws SqliteError SQLITE_NOTADB when the key does not fit
 */
export function openConnection(options: ConnectionOptions): Connection {
  try {
    return open(options)
  } catch (error) {
    if (!options.readonly || !needsWriter(error)) throw error
    rollBack(options)
    return open(options)
  }
}

/** Whether a transaction that was cut short has to be rolled back first, which takes a connection that may write. */
function needsWriter(error: unknown): boolean {
  return ((error as { code?: string }).code ?? '').startsWith('SQLITE_READONLY')
}

/** Rolls back what a killed process left of a transaction: SQLite does it when a connection that may write reads. */
function rollBack({ path, key }: ConnectionOptions): void {
  const database = new Database(path, { fileMustExist: true, timeout: BUSY_MS })
  try {
    setKey(database, key)
    database.prepare('SELECT count(*) FROM sqlite_master').get()
  } finally {
    database.close()
  }
}

function setKey(database: Connection, key: Uint8Array): void {
  database.pragma("cipher='aegis'")
  database.pragma(`key="x'${Buffer.from(key).toString('hex')}'"`)
}

function open(options: ConnectionOptions): Connection {
  const database = new Database(options.path, { readonly: options.readonly ?? false, timeout: BUSY_MS })
  try {
    setKey(database, options.key)
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

/** Files that SQLite keeps beside a database: none of them may outlive it, or be found beside another of its name. */
export const besideDatabase = ['-wal', '-shm', '-journal'] as const

/** Unlinks a database with what lies beside it. Killed in between, the rest is nobody's. */
export function removeDatabase(path: string): void {
  for (const suffix of [...besideDatabase, '']) rmSync(path + suffix, { force: true })
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

/**
 * Opens a file for writing and brings it up to the tables of this version. One that could not be is closed again.
 * @throws SqliteError SQLITE_NOTADB when the key does not fit, SQLITE_FULL when there is no room for its tables
 */
export function openMigrated(options: ConnectionOptions, migrations: readonly string[]): Connection {
  const database = openConnection(options)
  try {
    migrate(database, migrations)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Whether a file got no tables yet: whoever was to make it was killed, or had no room. */
export function isBlank(database: Connection): boolean {
  return database.pragma('user_version', { simple: true }) === 0
}
