/** Looks for persons in the file of one day: by its search index, or record by record where the index does not know them. */

import type { FullRecordRow } from '../days/dayFile.ts'
import { subjectQuery } from '../messages/terms.ts'
import type { Connection } from '../thread/connection.ts'
import type { Matcher, Meant } from './match.ts'
import { type Concern, concernOf, type RecordTexts, textsOf } from './record.ts'

/** How long a slice may take, in milliseconds, and how many ids are read in one go. */
const SLICE_MS = 25
const IDS = 500

/** A record that names persons who are meant. */
export interface NamedRecord {
  id: number
  concern: Exclude<Concern, 'none'>
  texts: RecordTexts
  row: FullRecordRow
}

export interface NamedSlice {
  found: NamedRecord[]
  /** records looked at */
  looked: number
  /** after which id to go on; undefined when the day has been looked through */
  next: number | undefined
}

/** The index query that finds all records that may name the persons; undefined when only looking at each does. */
export function queryFor({ subjects, secret }: Meant, isIndexed: boolean): string | undefined {
  const accounts = new Set(subjects.map(({ account }) => account))
  const [account] = accounts
  if (accounts.size !== 1) return undefined
  const keys = subjects.flatMap(({ key }) => key ?? [])
  if (keys.length === 0) return account === undefined ? undefined : `a${account}`
  return secret === undefined && isIndexed && keys.length === subjects.length ? subjectQuery(keys, account) : undefined
}

/** Looks through records above an id, in rising order, for at most a slice's time and until `most` are found. */
export function findSubjects(
  source: Connection,
  matcher: Matcher,
  { query, after, most }: { query: string | undefined; after: number; most: number },
): NamedSlice {
  const end = performance.now() + SLICE_MS
  const ids = source
    .prepare(
      query === undefined
        ? `SELECT id FROM record WHERE id > ? ORDER BY id LIMIT ${IDS}`
        : `SELECT rowid FROM search WHERE search MATCH ? AND rowid > ? ORDER BY rowid LIMIT ${IDS}`,
    )
    .pluck()
  const select = source.prepare('SELECT * FROM record WHERE id = ?')
  const slice: NamedSlice = { found: [], looked: 0, next: after }
  for (;;) {
    const page = (query === undefined ? ids.all(slice.next) : ids.all(query, slice.next)) as number[]
    for (const id of page) {
      const row = select.get(id) as FullRecordRow | undefined
      slice.looked++
      slice.next = id
      const texts = row && textsOf(row)
      const concern = texts ? concernOf(matcher, texts) : 'none'
      if (row && texts && concern !== 'none') slice.found.push({ id, concern, texts, row })
      if (performance.now() > end || slice.found.length >= most) return slice
    }
    if (page.length < IDS) return { ...slice, next: undefined }
  }
}
