/**
 * The look at the files when the store starts. What cannot be read is set aside for a person; what can be read is kept;
 * the store says what it did.
 */

import { existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dayPath, HELD_DAY } from '../days/dayFile.ts'
import { ASIDE_DAYS, quarantined } from '../retention/quarantine.ts'
import { type Connection, isUnreadable, openConnection, openMigrated, removeDatabase } from './connection.ts'
import { mainMigrations } from './schema.ts'

/** Above this size the main database is only opened, not read through: page authentication finds damage on reading. */
const FULL_CHECK_BYTES = 256 * 1024 * 1024

/** The main database cannot be opened at all: most likely the key is another one. */
export class WrongKey extends Error {
  constructor(path: string) {
    super(
      `${path} cannot be opened with this key: start with the --key-file that belongs to this data folder. ` +
        'If the key is right, the file is damaged from its first page on: restore a backup',
    )
    this.name = 'WrongKey'
  }
}

/**
 * The main database is not that of the data folder. Were it opened, everything it does not speak for (files of days,
 * samples, bodies of mail that waits) would be swept as left over.
 */
export class WrongMain extends Error {
  constructor(path: string, problem: string) {
    super(`${path} ${problem}: put the right one back, or restore a backup into a new data folder`)
    this.name = 'WrongMain'
  }
}

/** A data folder and what its main database is known by. */
interface FolderToCheck {
  folder: string
  /** undefined: whichever it says it is */
  folderId: string | undefined
  logKey: Uint8Array
}

/** A new folder has no main database, and nothing that one would have to speak for. */
function refuseLost(folder: string, path: string): void {
  const isThere = [path, `${path}-wal`].some((file) => existsSync(file) && statSync(file).size > 0)
  if (isThere) return
  const isUsed = ['days', 'samples', 'bodies'].some((name) => {
    const kept = join(folder, name)
    return existsSync(kept) && readdirSync(kept).length > 0
  })
  if (isUsed) throw new WrongMain(path, 'is missing or empty, though the folder is not new')
}

/** Each start of a relay says in the audit log which folder it runs on. */
function refuseOther(database: Connection, path: string, folderId: string): void {
  const saysSo = database.prepare("SELECT 1 FROM pragma_table_info('audit') WHERE name = 'facts'").get() !== undefined
  if (!saysSo) return
  const said = database
    .prepare(
      `SELECT json_extract(facts, '$.folder') FROM audit WHERE action = 'relay.start' AND facts IS NOT NULL
       ORDER BY sequence LIMIT 1`,
    )
    .pluck()
    .get() as string | null | undefined
  if (said && said !== folderId) throw new WrongMain(path, `is that of data folder ${said}, and this is ${folderId}`)
}

/**
 * Checks the main database; when it is damaged, copies every readable row into a new one and sets the old aside.
 * @returns sentences for a person, none when all is well
 * @throws WrongKey, WrongMain
 */
export function checkMain({ folder, folderId, logKey: key }: FolderToCheck, now: number): string[] {
  const path = join(folder, 'mailward.db')
  if (existsSync(rescuedFile(path))) return [takePlace(folder, path, now)]
  refuseLost(folder, path)
  if (!existsSync(path)) return []
  let database: Connection
  try {
    database = openConnection({ path, key, cacheKiB: 8192 })
  } catch (error) {
    if (isUnreadable(error)) throw new WrongKey(path)
    throw error
  }
  const problem = firstProblem(database)
  if (!problem) {
    try {
      if (folderId !== undefined) refuseOther(database, path, folderId)
    } finally {
      database.close()
    }
    return []
  }
  const lost = rescue(database, path, key)
  database.close()
  return [`${takePlace(folder, path, now)}: ${problem}; ${lost} rows could not be read`]
}

/** The new database with all that could be read, once it is whole. */
function rescuedFile(path: string): string {
  return `${path}.whole`
}

/**
 * Sets the damaged database aside and puts the new one in its place. Killed in between, the next start goes on with it:
 * what lies beside the old one must not be taken for the new one's.
 * @returns a sentence for a person, without its full stop
 */
function takePlace(folder: string, path: string, now: number): string {
  const aside = quarantined(folder, path, now)
  renameSync(rescuedFile(path), path)
  return (
    `mailward.db was damaged. What could be read was kept. The damaged file is in ${aside} for ${ASIDE_DAYS} days, ` +
    'then it is deleted'
  )
}

function firstProblem(database: Connection): string | undefined {
  try {
    const bytes =
      (database.pragma('page_count', { simple: true }) as number) *
      (database.pragma('page_size', { simple: true }) as number)
    if (bytes > FULL_CHECK_BYTES) return undefined
    const answer = database.pragma('quick_check(1)', { simple: true }) as string
    return answer === 'ok' ? undefined : answer.replaceAll(/\s+/g, ' ')
  } catch (error) {
    if (isUnreadable(error)) return (error as Error).message
    throw error
  }
}

interface Table {
  name: string
  /** what its rows lie in order of */
  order: string
}

/** Every table of a database but SQLite's own. */
function tablesOf(database: Connection): Table[] {
  const names = database
    .prepare(
      "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .all() as { name: string; wr: number }[]
  const firstOfKey = database.prepare('SELECT name FROM pragma_table_info(?) WHERE pk = 1').pluck()
  return names.map(({ name, wr }) => ({ name, order: wr === 1 ? (firstOfKey.get(name) as string) : 'rowid' }))
}

/**
 * Copies row by row, from both ends of each table towards the damage, into what is then {@link rescuedFile}. Returns how
 * many rows are known to be lost.
 */
function rescue(damaged: Connection, path: string, key: Uint8Array): number {
  const unfinished = `${path}.rescued`
  removeDatabase(unfinished)
  const target = openMigrated({ path: unfinished, key, cacheKiB: 8192 }, mainMigrations)
  target.pragma('foreign_keys=OFF')
  let lost = 0
  // brought up to the tables of this version: what it had is copied, whatever version wrote it
  for (const table of tablesOf(damaged)) {
    for (const direction of ['ASC', 'DESC'] as const) {
      if (copy(damaged, target, table, direction)) break
      lost++
    }
  }
  target.pragma('wal_checkpoint(TRUNCATE)')
  target.close()
  renameSync(unfinished, rescuedFile(path))
  return lost
}

/** Copies until the end, or until a row cannot be read. Returns whether it came to the end. */
function copy(from: Connection, to: Connection, { name, order }: Table, direction: 'ASC' | 'DESC'): boolean {
  const rows = from.prepare(`SELECT * FROM ${name} ORDER BY ${order} ${direction}`)
  const columns = rows.columns().map((column) => column.name)
  const places = columns.map(() => '?').join(', ')
  to.exec('BEGIN')
  try {
    const insert = to.prepare(`INSERT OR IGNORE INTO ${name} (${columns.join(', ')}) VALUES (${places})`)
    for (const row of rows.raw().iterate()) insert.run(...(row as unknown[]))
    return true
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return false
  } finally {
    to.exec('COMMIT')
  }
}

/** A day's file as the catalogue has it. */
export interface CataloguedDay {
  day: string
  key: Uint8Array
  generation: number
  records: number
}

/**
 * Opens every day's file once. Of one that is missing or cannot be read it is told; file and key stay until the day is
 * over, so that it can be put back or repaired, and goes with a receipt.
 * @param files from the catalogue
 * @returns sentences for a person, none when all is well
 */
export function checkDays(folder: string, files: CataloguedDay[]): string[] {
  return files.flatMap(({ day, key, generation, records }) => {
    const path = dayPath(folder, day, generation)
    if (!existsSync(path)) return records > 0 ? [harmWords({ day, records, path, how: 'is missing' })] : []
    try {
      openConnection({ path, key, cacheKiB: 64, readonly: true }).close()
      return []
    } catch (error) {
      if (!isUnreadable(error)) throw error
      return [harmWords({ day, records, path, how: 'cannot be read' })]
    }
  })
}

/** A day whose file was damaged or lost. */
export interface HarmedDay {
  day: string
  records: number
  path: string
  how: 'is missing' | 'cannot be read'
}

/** What is said of a day's file that was damaged or lost. */
export function harmWords({ day, records, path, how }: HarmedDay): string {
  const what = day === HELD_DAY ? 'of the header records that legal holds keep' : `of the header records of ${day}`
  return `the file ${what} (${records}) ${how}: put ${path} back from a copy`
}
