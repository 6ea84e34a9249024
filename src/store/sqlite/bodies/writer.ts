/**
 * Bodies of unfinished messages. Small ones lie in the database; larger ones in segment files, each encrypted under a
 * key of its own that lies in the database. Deleting the row destroys the body: for a segment, what stays on the disk
 * until the segment is unlinked is ciphertext whose key is gone (secure_delete overwrites it).
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection, Statement } from '../thread/connection.ts'

/** Bodies of up to this many bytes stay in the database. Measured at 32 KiB: 1.3 to 1.5 times a segment with its own fsync. */
const SMALL = 65_536
/** A segment is closed when it has grown beyond this many bytes. */
const SEGMENT_BYTES = 64 * 1024 * 1024
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const IV_BYTES = 12

interface BodyRow {
  content: Uint8Array | null
  segment: number | null
  offset: number
  length: number
  secret: Buffer | null
}

/** Where a body lies in a segment. */
export interface SegmentBody {
  segment: number
  offset: number
  length: number
  /** key, nonce and tag */
  secret: Uint8Array
}

/** @param folder of the segments */
export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, '0')}.seg`)
}

/**
 * Decrypts a body as it lies in its segment.
 * @throws when its bytes are not the ones that were written
 */
export function decryptBody(sealed: Uint8Array, secret: Uint8Array): Uint8Array {
  const iv = secret.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES)
  const decipher = createDecipheriv(CIPHER, secret.subarray(0, KEY_BYTES), iv)
  decipher.setAuthTag(secret.subarray(KEY_BYTES + IV_BYTES))
  const content = decipher.update(sealed)
  decipher.final()
  return content
}

interface Segment {
  number: number
  file: number
  size: number
}

export class Bodies {
  private readonly folder: string
  private readonly insertSmall: Statement
  private readonly insertLarge: Statement
  private readonly select: Statement
  private readonly remove: Statement
  /** bodies a segment still holds */
  private readonly alive = new Map<number, number>()
  private current: Segment | undefined
  private unsynced = false
  /** changes of `alive` that the running transaction causes */
  private changes: { segment: number; by: 1 | -1 }[] = []

  constructor(database: Connection, folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.insertSmall = database.prepare('INSERT INTO body (message, content) VALUES (?, ?)')
    this.insertLarge = database.prepare(
      'INSERT INTO body (message, segment, offset, length, secret) VALUES (?, ?, ?, ?, ?)',
    )
    this.select = database.prepare('SELECT content, segment, offset, length, secret FROM body WHERE message = ?')
    this.remove = database.prepare('DELETE FROM body WHERE message = ? RETURNING segment').pluck()
    const rows = database
      .prepare('SELECT segment, count(*) AS bodies FROM body WHERE segment IS NOT NULL GROUP BY segment')
      .all() as { segment: number; bodies: number }[]
    for (const row of rows) this.alive.set(row.segment, row.bodies)
  }

  /** Unlinks segments that hold no body any more. Returns how many there were. */
  sweep(): number {
    const orphans = readdirSync(this.folder).filter((name) => {
      const number = Number.parseInt(name, 10)
      return !this.alive.has(number) && number !== this.current?.number
    })
    for (const name of orphans) rmSync(join(this.folder, name), { force: true })
    return orphans.length
  }

  /** Keeps a body; durable when {@link beforeCommit} and the transaction's commit have succeeded. */
  insert(message: number, content: Uint8Array): void {
    if (content.length <= SMALL) {
      this.insertSmall.run(message, content)
      return
    }
    const secret = randomBytes(KEY_BYTES + IV_BYTES)
    const cipher = createCipheriv(CIPHER, secret.subarray(0, KEY_BYTES), secret.subarray(KEY_BYTES))
    const sealed = cipher.update(content)
    cipher.final()
    const segment = this.writable()
    const offset = segment.size
    for (let done = 0; done < sealed.length; ) done += writeSync(segment.file, sealed, done, sealed.length - done)
    segment.size += sealed.length
    this.unsynced = true
    this.insertLarge.run(message, segment.number, offset, sealed.length, Buffer.concat([secret, cipher.getAuthTag()]))
    this.changes.push({ segment: segment.number, by: 1 })
  }

  /**
   * The bytes of a body, or undefined when it is gone.
   * @throws when a segment's bytes are not the ones that were written
   */
  read(message: number): Uint8Array | undefined {
    const row = this.select.get(message) as BodyRow | undefined
    if (!row) return undefined
    if (row.content) return row.content
    const sealed = Buffer.allocUnsafeSlow(row.length)
    const file = openSync(this.path(row.segment!), 'r')
    try {
      if (readSync(file, sealed, 0, row.length, row.offset) !== row.length) {
        throw new Error(`segment ${row.segment} is shorter than it was written`)
      }
    } finally {
      closeSync(file)
    }
    return decryptBody(sealed, row.secret!)
  }

  /** Destroys a body, in the running transaction. */
  destroy(message: number): void {
    const segment = this.remove.get(message) as number | null | undefined
    if (typeof segment === 'number') this.changes.push({ segment, by: -1 })
  }

  /** Flushes segment bytes the transaction refers to; must succeed before it commits. */
  beforeCommit(): void {
    if (this.unsynced && this.current) fdatasyncSync(this.current.file)
    this.unsynced = false
  }

  /** Takes over what the committed transaction changed, and unlinks segments it emptied. */
  afterCommit(): void {
    if (this.changes.length === 0) return
    const touched = new Set<number>()
    for (const { segment, by } of this.changes) {
      this.alive.set(segment, (this.alive.get(segment) ?? 0) + by)
      touched.add(segment)
    }
    this.changes = []
    for (const number of touched) {
      if (this.alive.get(number) === 0) this.empty(number)
    }
  }

  /** Forgets what the transaction would have changed. Bytes already appended are dead weight until their segment goes. */
  rolledBack(): void {
    this.changes = []
  }

  close(): void {
    if (this.current) closeSync(this.current.file)
    this.current = undefined
  }

  private empty(number: number): void {
    if (this.current?.number === number) {
      if (this.current.size < SEGMENT_BYTES / 8) return
      this.close()
    }
    this.alive.delete(number)
    rmSync(this.path(number), { force: true })
  }

  private writable(): Segment {
    if (this.current && this.current.size > SEGMENT_BYTES) {
      // What this batch wrote to the old segment has to be on disk as well.
      fdatasyncSync(this.current.file)
      const { number } = this.current
      this.close()
      if (this.alive.get(number) === 0) this.empty(number)
    }
    if (!this.current) {
      const used = readdirSync(this.folder).map((name) => Number.parseInt(name, 10) || 0)
      const number = Math.max(0, ...used, ...this.alive.keys()) + 1
      this.current = { number, file: openSync(this.path(number), 'wx', 0o600), size: 0 }
    }
    return this.current
  }

  private path(number: number): string {
    return segmentPath(this.folder, number)
  }
}
