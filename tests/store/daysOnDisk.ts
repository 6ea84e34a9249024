/** Looks into the files of days with the relay's own keys: what really lies on the disk. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { dayPath } from '../../src/store/sqlite/days/dayFile.ts'
import { samplesPath } from '../../src/store/sqlite/samples/move.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { logKey } from '../support/storeFixture.ts'

interface DayRow {
  day: string
  key: Uint8Array
  generation: number
}

/** Reads the main database of a folder with the relay's own key. */
export function query<T>(folder: string, sql: string, ...values: (string | number)[]): T[] {
  const database = openConnection({ path: join(folder, 'mailward.db'), key: logKey, readonly: true, cacheKiB: 512 })
  try {
    return database.prepare(sql).all(...values) as T[]
  } finally {
    database.close()
  }
}

function numbers(path: string, key: Uint8Array, sql: string): number[] {
  if (!existsSync(path)) return []
  const database = openConnection({ path, key, readonly: true, cacheKiB: 512 })
  try {
    return database.prepare(sql).pluck().all() as number[]
  } finally {
    database.close()
  }
}

/** Ids of the header records in each day's file, ascending; days without any are left out. */
export function recordsOnDisk(folder: string): Record<string, number[]> {
  const days = query<DayRow>(folder, 'SELECT day, key, generation FROM day ORDER BY day')
  const found = days.map(({ day, key, generation }): [string, number[]] => [
    day,
    numbers(dayPath(folder, day, generation), key, 'SELECT id FROM record ORDER BY id'),
  ])
  return Object.fromEntries(found.filter(([, ids]) => ids.length > 0))
}

/** The same of the samples. */
export function samplesOnDisk(folder: string): Record<string, number[]> {
  const days = query<DayRow>(
    folder,
    "SELECT day, file AS key, generation FROM sample_key WHERE file <> x'' ORDER BY day",
  )
  const found = days.map(({ day, key, generation }): [string, number[]] => [
    day,
    numbers(samplesPath(folder, day, generation), key, 'SELECT message FROM sample ORDER BY message'),
  ])
  return Object.fromEntries(found.filter(([, ids]) => ids.length > 0))
}

/** Names of the databases in `days/` and `samples/`. */
export function databases(folder: string): string[] {
  return ['days', 'samples'].flatMap((name) =>
    readdirSync(join(folder, name))
      .filter((file) => file.endsWith('.db'))
      .map((file) => `${name}/${file}`),
  )
}

/** Waits until nothing finished is left in live mail. */
export async function settled(folder: string): Promise<void> {
  const waiting =
    'SELECT (SELECT count(*) FROM message WHERE open = 0) + (SELECT count(*) FROM sample WHERE content IS NOT NULL) AS n'
  while (query<{ n: number }>(folder, waiting)[0]!.n > 0) await new Promise((resolve) => setTimeout(resolve, 20))
}
