/** Answers where persons are named, slice by slice, and lists their records. */

import { mailboxKey } from '../../../model/addressKey.ts'
import type { MessageDetail } from '../../../model/message.ts'
import type { Suppression } from '../../subjects.ts'
import { listBackups } from '../backup/list.ts'
import type { FullRecordRow } from '../days/dayFile.ts'
import { DayFiles } from '../days/dayFiles.ts'
import { HeldSamples } from '../holds/heldSamples.ts'
import { activeHolds, matcherOf } from '../holds/matcher.ts'
import { type Visibility, visibilityAt } from '../messages/visibility.ts'
import { type Connection, isUnreadable } from '../thread/connection.ts'
import { findSubjects, queryFor } from './daySubjects.ts'
import { type LiveMessage, LiveSubjects } from './liveSubjects.ts'
import { Matcher, type Meant } from './match.ts'
import { sampleCandidates } from './samples.ts'
import { keptRequests, type RowSlice, type Surroundings, TableRows } from './tableRows.ts'

/** A day in the catalogue, with what a search of it has to know. */
export interface SubjectDay {
  day: string
  records: number
  /** whether its index knows all persons */
  subjects: number
  min_id: number
  max_id: number
}

/** Records of a day that name the persons. */
export interface SubjectsInDay {
  /** ids of records that name nobody else, and of others */
  alone: number[]
  others: number[]
  /** how many of each account */
  accounts: [number, number][]
  /** how many stay by a hold, and because a request is not over */
  held: number
  letters: number
  oldestAt: number | undefined
  looked: number
  next: number | undefined
}

export interface LiveSubjectsFound {
  found: (LiveMessage & { stays: 'hold' | 'request' | undefined })[]
  next: number | undefined
}

/** Whether a record stays for now. */
type HoldRetention = (record: {
  id: number
  account: number
  acceptedAt: number
  from: string
  to: readonly string[]
}) => 'hold' | 'request' | undefined

/** A package that may name persons; `isOwn`: it was made for them. */
export interface SubjectExport {
  id: number
  isOwn: boolean
}

/** How records are read in full. */
interface Details {
  get(id: number, hideBy: number): MessageDetail | undefined
  historyDetail(record: FullRecordRow, visibility: Visibility): MessageDetail | undefined
}

/** Records found in one place: of live mail without their rows, and up to which id they are all there are. */
interface FoundPage {
  rows: Map<number, FullRecordRow | undefined>
  bound: number
  /** the place could not be read to this bound */
  isUnreadable?: boolean
}

export class SubjectReader {
  private readonly main: Connection
  private readonly days: DayFiles
  private readonly live: LiveSubjects
  private readonly tables: TableRows
  private readonly details: Details
  /** hashes of addresses are remembered from slice to slice */
  private matcher: { of: string; matcher: Matcher } | undefined

  constructor(main: Connection, folder: string, details: Details) {
    this.main = main
    this.days = new DayFiles(main, folder)
    this.live = new LiveSubjects(main)
    this.tables = new TableRows(main)
    this.details = details
  }

  private matcherOf(meant: Meant): Matcher {
    const of = JSON.stringify([meant.subjects, meant.isRelated])
    if (this.matcher?.of !== of) this.matcher = { of, matcher: new Matcher(meant) }
    return this.matcher.matcher
  }

  /** The days there are, with that of the holds. */
  catalogue(): SubjectDay[] {
    return this.main
      .prepare('SELECT day, records, persons, min_id, max_id FROM day WHERE records > 0 ORDER BY min_id')
      .all() as SubjectDay[]
  }

  /** Why records stay: a hold, or that they are letters of a request that is not over. */
  private holdRetention(around: Surroundings): HoldRetention {
    const covered = matcherOf(activeHolds(this.main).map(({ scope }) => scope))
    const requests = keptRequests(this.main, around)
    const letters = this.main.prepare('SELECT message, request FROM request_letter WHERE message IS NOT NULL').all()
    const kept = new Set(
      (letters as { message: number; request: number }[]).flatMap(({ message, request }) =>
        requests.has(request) ? [message] : [],
      ),
    )
    return (record) => (kept.has(record.id) ? 'request' : covered(record) ? 'hold' : undefined)
  }

  /** Records of a day above an id. */
  inDay(meant: Meant, day: string, around: Surroundings, after: number): SubjectsInDay {
    const result: SubjectsInDay = {
      ...{ alone: [], others: [], accounts: [], held: 0, letters: 0 },
      ...{ oldestAt: undefined, looked: 0, next: undefined },
    }
    const isIndexed = this.main.prepare('SELECT persons FROM day WHERE day = ?').pluck().get(day) === 1
    const query = queryFor(meant, isIndexed)
    const slice = this.days.reading(day, undefined, (source) =>
      findSubjects(source, this.matcherOf(meant), { query, after, most: Number.MAX_SAFE_INTEGER }),
    )
    if (!slice) return result
    const stays = this.holdRetention(around)
    const accounts = new Map<number, number>()
    for (const { id, concern, texts } of slice.found) {
      const { account, acceptedAt, sender: from, recipients: to } = texts
      accounts.set(account, (accounts.get(account) ?? 0) + 1)
      result.oldestAt = Math.min(acceptedAt, result.oldestAt ?? acceptedAt)
      const why = stays({ id, account, acceptedAt, from, to })
      if (why === 'hold') result.held++
      else if (why === 'request') result.letters++
      else (concern === 'alone' ? result.alone : result.others).push(id)
    }
    return { ...result, accounts: [...accounts], looked: slice.looked, next: slice.next }
  }

  /** Messages of live mail above an id. */
  inLive(meant: Meant, around: Surroundings, after: number): LiveSubjectsFound {
    const { found, next } = this.live.find(this.matcherOf(meant), after, true)
    const stays = this.holdRetention(around)
    return { next, found: found.map((one) => ({ ...one, stays: stays(one) })) }
  }

  /** Those of the messages that are still in live mail. */
  stillLive(ids: number[]): number[] {
    const select = this.main.prepare('SELECT 1 FROM message WHERE id = ?').pluck()
    return ids.filter((id) => select.get(id) !== undefined)
  }

  /** Samples that name the persons, how many of them a hold keeps, and when the last of them ends. */
  samples(meant: Meant): { going: number[]; held: number; lastDay: number | undefined } {
    const all = sampleCandidates(this.main, meant)
    const held = new HeldSamples(this.main).of(all)
    const lastDay = all.length === 0 ? undefined : all.reduce((last, one) => Math.max(last, one.keep_until), 0)
    return { going: all.flatMap(({ message }) => (held.has(message) ? [] : [message])), held: held.size, lastDay }
  }

  /** Rows of a table of the main database above a row number. */
  inTable(meant: Meant, table: string, around: Surroundings, after: number): RowSlice {
    return this.tables.find(table, this.matcherOf(meant), around, after)
  }

  /**
   * Packages for requests of the persons, and those of an account's whole log, which may name them: what is in one cannot
   * be seen from outside.
   */
  dataExports({ subjects, secret }: Meant): SubjectExport[] {
    const matcher = this.matcherOf({ subjects, secret })
    const rows = this.main
      .prepare(
        `SELECT package.id, package.account AS whole, request.subject, request.account FROM package
         LEFT JOIN request ON request.id = package.request WHERE package.key IS NOT NULL`,
      )
      .all() as { id: number; whole: number | null; subject: string | null; account: number | null }[]
    return rows.flatMap(({ id, whole, subject, account }) => {
      const ofAccount = whole !== null && subjects.some((one) => one.account === undefined || one.account === whole)
      const isOwn = subject !== null && matcher.ofRow(account)?.(mailboxKey(subject)) === true
      const isWhole = subjects.some((one) => one.key === undefined && one.account === whole)
      return isOwn || ofAccount ? [{ id, isOwn: isOwn || isWhole }] : []
    })
  }

  /** Backups made since a moment and still to be destroyed: by when. */
  backups(since: number, now: number): number[] {
    return listBackups(this.main).flatMap(({ createdAt, destroyBy }) =>
      createdAt >= since && destroyBy > now ? [destroyBy] : [],
    )
  }

  suppressions(): Suppression[] {
    const rows = this.main.prepare('SELECT account, hash, at, request FROM suppression ORDER BY at').all()
    return (rows as (Omit<Suppression, 'request'> & { request: number | null })[]).map(({ request, ...one }) => ({
      ...one,
      request: request ?? undefined,
    }))
  }

  /**
   * Records above an id, oldest first, that are shown. A page may be short, or empty, while there is more.
   * @param hideBy see PolicyClock
   */
  records(meant: Meant, after: number, limit: number, hideBy: number) {
    const pages = this.pages(meant, after, limit)
    const bound = Math.min(...pages.map((page) => page.bound))
    // live mail comes last: what has just moved is read where it was found
    const rows = new Map(pages.toReversed().flatMap((page) => [...page.rows]))
    const ids = [...rows.keys()].filter((id) => id <= bound).sort((a, b) => a - b)
    const page = ids.slice(0, limit)
    const visibility = visibilityAt(this.main, hideBy)
    const records = page.flatMap((id) => {
      const row = rows.get(id)
      return (row ? this.details.historyDetail(row, visibility) : this.details.get(id, hideBy)) ?? []
    })
    const next = page.length < ids.length ? page.at(-1)! : bound
    const isWhole = !pages.some((one) => one.isUnreadable)
    return { records, next: next === Number.POSITIVE_INFINITY ? undefined : next, isWhole }
  }

  /** Of live mail, and of each day that comes into question. */
  private pages(meant: Meant, after: number, limit: number): FoundPage[] {
    const live = this.live.find(this.matcherOf(meant), after, false)
    const pages: FoundPage[] = [
      { rows: new Map(live.found.map(({ id }) => [id, undefined])), bound: live.next ?? Number.POSITIVE_INFINITY },
    ]
    for (const { day, min_id, max_id, subjects } of this.catalogue()) {
      if (max_id <= after) continue
      // days follow each other, except for that of the holds
      const known = pages.flatMap((page) => [...page.rows.keys()]).sort((a, b) => a - b)
      const bound = Math.min(...pages.map((page) => page.bound))
      const full = Math.min(bound, known[limit - 1] ?? Number.POSITIVE_INFINITY)
      if (min_id > full) return [...pages, { rows: new Map(), bound: full }]
      const ask = { query: queryFor(meant, subjects === 1), after, most: limit }
      const page = this.dayPage(day, meant, ask)
      if (page) pages.push(page)
    }
    return pages
  }

  /** Undefined when the day is gone. One that cannot be read is left out. */
  private dayPage(day: string, meant: Meant, ask: Parameters<typeof findSubjects>[2]): FoundPage | undefined {
    try {
      const slice = this.days.reading(day, undefined, (source) => findSubjects(source, this.matcherOf(meant), ask))
      return (
        slice && {
          rows: new Map(slice.found.map(({ id, row }) => [id, row])),
          bound: slice.next ?? Number.POSITIVE_INFINITY,
        }
      )
    } catch (error) {
      if (!isUnreadable(error)) throw error
      return { rows: new Map(), bound: Number.POSITIVE_INFINITY, isUnreadable: true }
    }
  }
}
