/**
 * Writes a backup while the relay goes on. A worker thread of its own: it reads the main database in one snapshot, so
 * that neither a commit nor the event loop waits for it, and each day's file as it is when its turn comes. What is moved
 * into its day in between is in both, which the restore puts right.
 */

import { createHash, randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import type { BackupContents, BackupFile } from '../../backup.ts'
import type { SegmentBody } from '../bodies/writer.ts'
import { dayPath } from '../days/dayFile.ts'
import { type Connection, isUnreadable, migrate, openConnection, removeDatabase } from '../thread/connection.ts'
import type { WorkerData } from '../thread/protocol.ts'
import { mainMigrations } from '../thread/schema.ts'
import { serve } from '../thread/serve.ts'
import { copiedTables, leftOutSettings } from './contents.ts'
import { closeAsOneFile, copyDatabase, copyTable } from './copy.ts'
import { SegmentFiles } from './segments.ts'

/** How often a snapshot is taken anew because a segment or a day's file went at that very moment. */
const TRIES = 5
/** Bytes of a file that are hashed at a time. */
const PIECE = 1024 * 1024

export interface BackupTarget {
  /** an empty folder */
  folder: string
  /** 32 bytes */
  key: Uint8Array
}

interface BodyRow extends SegmentBody {
  message: number
  content: Uint8Array | null
}

interface DayCopy {
  day: string
  key: Uint8Array
}

/** What became of a day on its way into a backup. */
type Copied = 'copied' | 'gone' | 'unreadable'

class BackupWriter {
  private readonly data: WorkerData
  private readonly source: Connection
  private readonly target: BackupTarget

  constructor(data: WorkerData, target: BackupTarget) {
    this.data = data
    this.target = target
    const path = join(data.folder, 'mailward.db')
    this.source = openConnection({ path, key: data.logKey, readonly: true, cacheKiB: 4096 })
  }

  write(): BackupContents {
    mkdirSync(join(this.target.folder, 'days'), { mode: 0o700 })
    const path = join(this.target.folder, 'mailward.db')
    const main = openConnection({ path, key: this.target.key, cacheKiB: 4096 })
    main.pragma('synchronous=OFF')
    migrate(main, mainMigrations)
    const days = this.copyMain(main)
    const copies = days.map((copy) => ({ day: copy.day, became: this.copyDay(copy) }))
    const named = (what: Copied) => copies.flatMap(({ day, became }) => (became === what ? [day] : []))
    const forget = main.prepare('DELETE FROM day WHERE day = ?')
    for (const { day, became } of copies) if (became !== 'copied') forget.run(day)
    const contents = count(main)
    closeAsOneFile(main)
    const files = ['mailward.db', ...named('copied').map((day) => `days/${day}.db`)]
    return { ...contents, leftOut: named('unreadable'), files: files.map((name) => this.describe(name)) }
  }

  close(): void {
    this.source.close()
  }

  /** Copies the main database as it is at one moment. Returns the days it knows, with the keys their copies get. */
  private copyMain(main: Connection): DayCopy[] {
    const segments = this.snapshot()
    try {
      return main.transaction(() => {
        main.pragma('defer_foreign_keys=ON')
        for (const table of copiedTables(main)) copyTable(this.source, main, table)
        const forget = main.prepare('DELETE FROM setting WHERE key = ?')
        for (const key of leftOutSettings) forget.run(key)
        this.copyBodies(main, segments)
        this.copyBlocks(main)
        return this.copyCatalogue(main)
      })()
    } finally {
      segments.close()
      this.source.exec('COMMIT')
    }
  }

  /** Begins a transaction of the source, with every segment it names open. */
  private snapshot(): SegmentFiles {
    for (let tries = 0; tries < TRIES; tries++) {
      this.source.exec('BEGIN')
      const segments = SegmentFiles.open(this.source, join(this.data.folder, 'bodies'))
      if (segments) return segments
      this.source.exec('COMMIT')
    }
    throw new Error('the bodies changed again and again while the backup began')
  }

  /** Bodies exist for unfinished messages only. In a backup all of them lie in the database. */
  private copyBodies(main: Connection, segments: SegmentFiles): void {
    const insert = main.prepare('INSERT INTO body (message, content) VALUES (?, ?)')
    const rows = this.source.prepare('SELECT message, content, segment, offset, length, secret FROM body')
    for (const row of rows.iterate() as IterableIterator<BodyRow>) {
      insert.run(row.message, row.content ?? segments.read(row))
    }
  }

  /** The numbering of each account goes on with a new block: the secret of the open one is not for a backup. */
  private copyBlocks(main: Connection): void {
    copyTable(this.source, main, 'draw')
    main.exec("UPDATE draw SET taken = 1000, position = 0, secret = x''")
  }

  private copyCatalogue(main: Connection): DayCopy[] {
    copyTable(this.source, main, 'day')
    const days = main.prepare('SELECT day FROM day ORDER BY day').pluck().all() as string[]
    const update = main.prepare('UPDATE day SET key = ?, generation = 0 WHERE day = ?')
    return days.map((day) => {
      const key = randomBytes(32)
      update.run(key, day)
      return { day, key }
    })
  }

  /** Copies a day's file. The day may be over by now; one that was damaged or lost is left out. */
  private copyDay({ day, key }: DayCopy): Copied {
    const select = this.source.prepare('SELECT key, generation, records FROM day WHERE day = ?')
    const to = { path: join(this.target.folder, 'days', `${day}.db`), key }
    for (let tries = 0; tries < TRIES; tries++) {
      const file = select.get(day) as { key: Uint8Array; generation: number; records: number } | undefined
      // of what was written and is not in the catalogue yet, the copy of live mail has it all
      if (!file || file.records === 0) return 'gone'
      const path = dayPath(this.data.folder, day, file.generation)
      try {
        copyDatabase({ path, key: file.key }, to)
        return 'copied'
      } catch (error) {
        removeDatabase(to.path)
        // otherwise the day was destroyed or written anew since its row was read, or nothing was ever written to it
        if (existsSync(path)) {
          if (isUnreadable(error)) return 'unreadable'
          throw error
        }
      }
    }
    const last = select.get(day) as { records: number } | undefined
    return last && last.records > 0 ? 'unreadable' : 'gone'
  }

  private describe(path: string): BackupFile {
    const full = join(this.target.folder, path)
    return { path, size: statSync(full).size, sha256: hashFile(full) }
  }
}

/** SHA-256 of a file, hex. */
export function hashFile(path: string): string {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(PIECE)
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}

function count(main: Connection): Omit<BackupContents, 'files' | 'leftOut'> {
  const days = main.prepare('SELECT count(*) AS days, sum(records) AS records, max(youngest_at) AS youngest FROM day')
  const live = main.prepare(
    'SELECT count(*) AS records, sum(open > 0) AS open, max(accepted_at) AS youngest FROM message',
  )
  const past = days.get() as { days: number; records: number | null; youngest: number | null }
  const present = live.get() as { records: number; open: number | null; youngest: number | null }
  const youngestAt = Math.max(past.youngest ?? 0, present.youngest ?? 0)
  return {
    days: past.days,
    headers: (past.records ?? 0) + present.records,
    live: present.open ?? 0,
    youngestAt: youngestAt > 0 ? youngestAt : undefined,
  }
}

function backupSubjects(data: WorkerData) {
  return {
    backup: {
      write(target: BackupTarget): BackupContents {
        const writer = new BackupWriter(data, target)
        try {
          return writer.write()
        } finally {
          writer.close()
        }
      },
    },
  }
}

export type BackupSubjects = ReturnType<typeof backupSubjects>

/** Starts the backup worker in this thread. */
export function startBackup(port: MessagePort, data: WorkerData): void {
  serve(port, backupSubjects(data), () => undefined)
}
