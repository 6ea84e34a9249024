/**
 * Looks for texts that must be gone: in every file of a folder as it lies there, and in every database of it opened with
 * its key (all pages, free ones too, and every value unpacked), in whatever encoding mail or storage may have put them.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync, inflateRawSync, inflateSync, constants as zlib } from 'node:zlib'
import type Database from 'better-sqlite3'
import { unpackDetail } from '../../src/store/sqlite/messages/detail.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'

export interface Found {
  /** file, and where in it */
  place: string
  canary: string
  encoding: string
}

interface Needle {
  canary: string
  encoding: string
  bytes: Buffer
}

/** What a text looks like in base64 when it begins at the first, second or third byte of a group. */
function base64At(text: string, offset: number): string {
  const whole = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
  const from = Math.ceil((offset * 8) / 6)
  const to = Math.floor((whole.length * 8) / 6)
  return whole.toString('base64').slice(from, to)
}

function needles(canary: string): Needle[] {
  const quoted = [...Buffer.from(canary)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  const wide = Buffer.from(canary, 'utf16le')
  const forms: [string, Buffer][] = [
    ['UTF-8', Buffer.from(canary)],
    ['lower case', Buffer.from(canary.toLowerCase())],
    ['UTF-16LE', wide],
    ['UTF-16BE', Buffer.from(wide).swap16()],
    ['quoted-printable', Buffer.from(quoted)],
    ['hex', Buffer.from(Buffer.from(canary).toString('hex'))],
    ...[0, 1, 2].map((offset): [string, Buffer] => [`base64+${offset}`, Buffer.from(base64At(canary, offset))]),
  ]
  return forms.map(([encoding, bytes]) => ({ canary, encoding, bytes }))
}

/** Bytes that a compressed stream beginning here unpacks to, as far as it goes; undefined when it is none. */
function unpacked(bytes: Buffer, unpack: typeof inflateSync): Buffer | undefined {
  try {
    const plain = unpack(bytes, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 1 << 26 })
    return plain.length > 0 ? plain : undefined
  } catch {
    return undefined
  }
}

/** Streams that begin with the header of gzip (RFC 1952) or zlib (RFC 1950). */
function* streams(bytes: Buffer): Generator<Buffer> {
  for (let at = bytes.indexOf(0x1f); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
    if (bytes[at + 1] !== 0x8b || bytes[at + 2] !== 8) continue
    const plain = unpacked(bytes.subarray(at), gunzipSync)
    if (plain) yield plain
  }
  for (let at = bytes.indexOf(0x78); at >= 0; at = bytes.indexOf(0x78, at + 1)) {
    if (![0x01, 0x5e, 0x9c, 0xda].includes(bytes[at + 1] ?? 0)) continue
    const plain = unpacked(bytes.subarray(at), inflateSync)
    if (plain) yield plain
  }
}

/** Looks for canaries in some bytes, and in the compressed streams in them. */
export function findIn(place: string, bytes: Buffer, canaries: readonly string[]): Found[] {
  const wanted = canaries.flatMap(needles)
  const poll = (where: string, hay: Buffer): Found[] =>
    wanted
      .filter((needle) => hay.includes(needle.bytes))
      .map(({ canary, encoding }) => ({ place: where, canary, encoding }))
  const found = poll(place, bytes)
  for (const plain of streams(bytes)) found.push(...poll(`${place}, compressed`, plain))
  return found
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Looks for canaries in every file of a folder, as it lies there, names of files included. */
export function findInFiles(folder: string, canaries: readonly string[]): Found[] {
  return filesOf(folder).flatMap((file) => {
    const name = relative(folder, file)
    return [...findIn(`name of ${name}`, Buffer.from(name), canaries), ...findIn(name, readFileSync(file), canaries)]
  })
}

/** Looks for canaries in a database opened with its key: in all its pages, free ones too, and in every value unpacked. */
function findInDatabase(path: string, key: Uint8Array, place: string, canaries: readonly string[]): Found[] {
  const database = openConnection({ path, key, cacheKiB: 4096 })
  try {
    const found = findIn(`${place}, pages`, database.serialize(), canaries)
    // a virtual table is made of tables of its own
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
      .pluck()
      .all() as string[]
    for (const table of tables) found.push(...findInTable(database, table, place, canaries))
    return found
  } finally {
    database.close()
  }
}

function findInTable(database: Database.Database, table: string, place: string, canaries: readonly string[]): Found[] {
  const found: Found[] = []
  for (const row of database.prepare(`SELECT * FROM "${table}"`).raw().iterate() as Iterable<unknown[]>) {
    for (const value of row) {
      if (!(value instanceof Uint8Array)) continue
      for (const plain of plains(Buffer.from(value))) found.push(...findIn(`${place}, ${table}`, plain, canaries))
    }
  }
  return found
}

/** What a value may have been packed from: raw deflate, or a day record's detail. */
function plains(value: Buffer): Buffer[] {
  const raw = [unpacked(value, inflateRawSync), unpacked(value.subarray(1), inflateRawSync)]
  try {
    const { outcome, headers } = unpackDetail(value)
    raw.push(Buffer.from(outcome), Buffer.from(headers))
  } catch {
    // no detail
  }
  return raw.filter((plain) => plain !== undefined)
}

/**
 * Looks for canaries in what the relay's own live key opens: the main database, and with the keys in it the files of
 * every day. To be called while the relay is stopped.
 */
export function findDecrypted(folder: string, logKey: Uint8Array, canaries: readonly string[]): Found[] {
  const path = join(folder, 'mailward.db')
  const main = openConnection({ path, key: logKey, cacheKiB: 1024 })
  const days = main.prepare("SELECT 'days' AS folder, day, key FROM day").all() as DayFile[]
  const samples = main.prepare("SELECT 'samples' AS folder, day, file AS key FROM sample_key").all() as DayFile[]
  main.close()
  const found = findInDatabase(path, logKey, 'mailward.db', canaries)
  for (const { folder: kind, day, key } of [...days, ...samples]) {
    for (const name of readdirSync(join(folder, kind)).filter((one) => one.startsWith(day) && one.endsWith('.db'))) {
      const file = join(folder, kind, name)
      if (existsSync(file)) found.push(...findInDatabase(file, key, `${kind}/${name}`, canaries))
    }
  }
  return found
}

interface DayFile {
  folder: 'days' | 'samples'
  day: string
  key: Uint8Array
}
