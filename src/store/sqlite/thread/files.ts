/** Which files of days there may be, which there are, and how large they are. */

import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileNameOf, HELD_DAY } from '../days/dayFile.ts'
import type { Connection } from './connection.ts'

const FOLDERS = ['days', 'samples'] as const

/** The files the catalogue speaks for, as paths within the data folder. */
export function knownFiles(main: Connection): Set<string> {
  const days = main.prepare('SELECT day, generation FROM day').all() as { day: string; generation: number }[]
  // samples under a hold lie in the hold's file: for them alone a day needs its keys, and no file of its own
  const samples = main
    .prepare('SELECT day, generation FROM sample_key WHERE day = ? OR day IN (SELECT day FROM sample WHERE held = 0)')
    .all(HELD_DAY) as { day: string; generation: number }[]
  return new Set([
    ...days.map(({ day, generation }) => join('days', `${fileNameOf(day, generation)}.db`)),
    ...samples.map(({ day, generation }) => join('samples', `${fileNameOf(day, generation)}.db`)),
  ])
}

function listed(folder: string): string[] {
  return FOLDERS.flatMap((name) => {
    const path = join(folder, name)
    if (!existsSync(path)) return []
    const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => !entry.isDirectory())
    return entries.map((entry) => join(name, entry.name))
  })
}

/** The database a file belongs to: SQLite keeps a log and an index beside it. */
function databaseOf(file: string): string {
  return file.replace(/-(?:wal|shm|journal)$/, '')
}

/** Files in `days/` and `samples/` that no catalogue entry speaks for, as paths within the data folder. */
export function strayFiles(folder: string, known: ReadonlySet<string>): string[] {
  return listed(folder).filter((file) => !known.has(databaseOf(file)))
}

/** How many databases files belong to. */
export function countDatabases(files: readonly string[]): number {
  return new Set(files.map(databaseOf)).size
}

/** The day a file is of, such as `2026-11-23` or `held`. */
export function dayOfFile(file: string): string {
  return file.replace(/^\w+[\\/]/, '').split('.', 1)[0]!
}

/** Sizes on disk by day, bytes: every generation, with logs. */
export function bytesByDay(folder: string): Map<string, number> {
  const bytes = new Map<string, number>()
  for (const file of listed(folder)) {
    const size = lstatSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0
    const day = dayOfFile(file)
    bytes.set(day, (bytes.get(day) ?? 0) + size)
  }
  return bytes
}
