/** Rows of the main database that name persons: found in slices, and what an erasure makes of each. */

import { mailboxKey } from '../../../model/addressKey.ts'
import type { Connection } from '../thread/connection.ts'
import { eachAddress } from './addresses.ts'
import { type TableRule, tableRules } from './columns.ts'
import type { Matcher } from './match.ts'
import { type IsSubject, names, REMOVED, redactJson } from './redact.ts'

/** Row numbers a slice covers. */
const ROWS = 2000
/** What a mail to a desk may take to be read, in milliseconds; one that is older never will be. */
const READING_MS = 3_600_000

/** Numbers of requests that are not over: somebody has to act, or an account has, to which they were forwarded. */
const UNFINISHED_REQUESTS = `SELECT id FROM request
  WHERE state NOT IN ('answered', 'closed') OR (state = 'answered' AND outcome = 'forwarded')
  UNION SELECT parent FROM request WHERE parent IS NOT NULL AND state NOT IN ('answered', 'closed')`

/** Numbers of requests whose rows and letters stay for now. */
export function keptRequests(main: Connection, { keepRequests, overRequests }: KeptOver): Set<number> {
  const unfinished = main.prepare(UNFINISHED_REQUESTS).pluck().all() as number[]
  const over = new Set(overRequests)
  return new Set([...keepRequests, ...unfinished].filter((id) => !over.has(id)))
}

type KeptOver = Pick<Surroundings, 'keepRequests' | 'overRequests'>

/** What an erasure is told about everything around a row. */
export interface Surroundings {
  /** rows of these requests stay for now */
  keepRequests: readonly number[]
  /** these requests were over, whatever their rows say: they were put back */
  overRequests: readonly number[]
  /** takes the place of the address in a request */
  label: string
  /** milliseconds, Unix time */
  at: number
}

export type Cause = 'hold' | 'request' | 'delivery' | 'kept'

/** A row that names a person. */
export interface FoundRow {
  table: string
  row: number
  /** whether something of it goes */
  goes: boolean
  /** why something of it stays; undefined when all goes */
  stays: { cause: Cause; why: string } | undefined
}

export interface RowSlice {
  found: FoundRow[]
  /** after which row to go on; undefined when the table has been looked through */
  next: number | undefined
}

type Value = string | number | null | Uint8Array
type Row = Record<string, Value> & {
  '#row': number
  '#account': number | null
  '#request': number | null
  '#own': string | null
}

/** What becomes of a row. */
interface Plan {
  /** new values by column; undefined: the row goes */
  changes: Record<string, Value> | undefined
  goes: boolean
  stays: FoundRow['stays']
}

/** Tables that have something to look at. */
export function searchedTables(): string[] {
  return Object.keys(tableRules).filter((table) => lookedAt(tableRules[table]!).length > 0)
}

/** The place a table's rows belong to, in words of the domain. */
export function placeOf(table: string): string {
  return tableRules[table]!.place
}

function lookedAt({ columns }: TableRule): string[] {
  return Object.keys(columns).filter((column) => columns[column] !== 'none' && columns[column] !== 'mail')
}

function textOf(value: Value | undefined): string {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : ''
}

export class TableRows {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  /** Looks through a table above a row number. */
  find(table: string, matcher: Matcher, around: Surroundings, after: number): RowSlice {
    const rule = tableRules[table]!
    const key = rule.key ?? 'rowid'
    const last = this.main.prepare(`SELECT max(${key}) FROM ${table}`).pluck().get() as number | null
    if (last === null || after >= last) return { found: [], next: undefined }
    // row numbers may have gaps of any size
    const until = this.main
      .prepare(`SELECT max(n) FROM (SELECT ${key} AS n FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${ROWS})`)
      .pluck()
      .get(after) as number
    const rows = this.main
      .prepare(`${select(table, rule)} WHERE ${key} > ? AND ${key} <= ? AND (${hasAddress(rule)})`)
      .all(after, until) as Row[]
    const context = this.context(around)
    const found = rows.flatMap((row) => {
      const plan = planFor(table, row, matcher, context)
      return plan ? [{ table, row: row['#row'], goes: plan.goes, stays: plan.stays }] : []
    })
    return { found, next: until >= last ? undefined : until }
  }

  /** Takes the persons out of rows. Returns how many changed; to be called inside a transaction. */
  erase(table: string, rows: readonly number[], matcher: Matcher, around: Surroundings): number {
    const rule = tableRules[table]!
    const one = this.main.prepare(`${select(table, rule)} WHERE ${rule.key ?? 'rowid'} = ?`)
    const context = this.context(around)
    return rows.reduce((count, number) => {
      const row = one.get(number) as Row | undefined
      const plan = row && planFor(table, row, matcher, context)
      if (!plan?.goes) return count
      this.carryOut(table, number, plan)
      return count + 1
    }, 0)
  }

  /** Those of the rows of which something goes. */
  going(table: string, rows: readonly number[], matcher: Matcher, around: Surroundings): number[] {
    const rule = tableRules[table]!
    const one = this.main.prepare(`${select(table, rule)} WHERE ${rule.key ?? 'rowid'} = ?`)
    const context = this.context(around)
    return rows.filter((number) => {
      const row = one.get(number) as Row | undefined
      return row && planFor(table, row, matcher, context)?.goes
    })
  }

  private carryOut(table: string, row: number, { changes }: Plan): void {
    if (changes === undefined) {
      this.main.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(row)
      return
    }
    const columns = Object.keys(changes)
    const set = columns.map((column) => `${column} = @${column}`).join(', ')
    this.main.prepare(`UPDATE ${table} SET ${set} WHERE rowid = @row`).run({ ...changes, row })
  }

  private context(around: Surroundings): Context {
    const emails = this.main.prepare('SELECT email FROM person').pluck().all() as string[]
    return {
      ...around,
      staff: new Set(emails.map(mailboxKey)),
      kept: keptRequests(this.main, around),
    }
  }
}

const acted = { cause: 'kept', why: 'what somebody with access to this console did' } as const

interface Context extends Surroundings {
  staff: ReadonlySet<string>
  kept: ReadonlySet<number>
}

function select(table: string, rule: TableRule): string {
  const { account = 'NULL', request = 'NULL', own = 'NULL', key = 'rowid' } = rule
  const released = table === 'hold' ? ', released_at' : ''
  const received = table === 'inbox' ? ', received_at' : ''
  return `SELECT ${key} AS "#row", ${account} AS "#account", ${request} AS "#request", ${own} AS "#own",
    ${lookedAt(rule).join(', ')}${released}${received} FROM ${table}`
}

function hasAddress(rule: TableRule): string {
  const own = rule.own === undefined ? [] : [rule.own]
  const signs = ['@', '%40', '2540', '&#', '&commat']
  return [...lookedAt(rule), ...own]
    .flatMap((column) => signs.map((sign) => `instr(${column}, '${sign}') > 0`))
    .join(' OR ')
}

/** What becomes of a row; undefined when it names none of the persons. */
function planFor(table: string, row: Row, matcher: Matcher, context: Context): Plan | undefined {
  const rule = tableRules[table]!
  const isSubject = matcher.ofRow(row['#account'])
  if (!isSubject) return undefined
  const named = lookedAt(rule).filter((column) => names(textOf(row[column]), isSubject))
  const isOwn = names(row['#own'] ?? '', isSubject) && (table !== 'audit' || hasReason(textOf(row.personal)))
  if (named.length === 0 && !isOwn) return undefined
  const stays = reasonToStay(table, row, context)
  if (stays) return { changes: {}, goes: false, stays }
  if (table === 'audit') return planAudit(textOf(row.personal), { isOwn, isSubject, context })
  return planColumns(rule, row, isOwn ? lookedAt(rule) : named, { isOwn, isSubject, context })
}

/** Why a whole row stays for now. */
function reasonToStay(table: string, row: Row, { kept, at }: Context): Plan['stays'] {
  const request = row['#request']
  if (request !== null && kept.has(request)) return { cause: 'request', why: `request ${request} is not over` }
  if (table === 'hold' && row.released_at === null) return { cause: 'hold', why: 'the hold is in force' }
  if (table === 'inbox' && Number(row.received_at) + READING_MS > at)
    return { cause: 'delivery', why: 'it is about to be read' }
  return undefined
}

/**
 * The personal part of a row of the audit log goes as a whole, unless it only says which of the people here acted. What was
 * written about a request of the person goes too; who did that stands in the timeline of the request.
 */
function planAudit(personal: string, { isOwn, isSubject, context: { staff } }: Reading): Plan {
  const { actor, ...rest } = JSON.parse(personal) as { actor: string }
  if (isOwn || names(JSON.stringify(rest), isSubject) || !isStaff(actor, isSubject, staff))
    return { changes: { personal: null }, goes: true, stays: undefined }
  return { changes: {}, goes: false, stays: acted }
}

/** Whether the personal part of an entry, if it is still there, says why something was done. */
function hasReason(personal: string): boolean {
  return personal !== '' && (JSON.parse(personal) as { reason?: string }).reason !== ''
}

interface Reading {
  /** whether the row holds the person's own words */
  isOwn: boolean
  isSubject: IsSubject
  context: Context
}

function planColumns(rule: TableRule, row: Row, columns: string[], reading: Reading): Plan {
  const changes: Record<string, Value> = {}
  let stays: Plan['stays']
  for (const column of columns) {
    const treatment = rule.columns[column]!
    const text = textOf(row[column])
    if (treatment === 'delete') return { changes: undefined, goes: true, stays: undefined }
    if (typeof treatment === 'object') stays = { cause: 'kept', why: treatment.keep }
    else if (treatment === 'actor' && isStaff(text, reading.isSubject, reading.context.staff)) stays ??= acted
    else if (row[column] !== null) {
      const after = changed(treatment, text, reading)
      if (after !== text) changes[column] = after
    }
  }
  return { changes, goes: Object.keys(changes).length > 0, stays }
}

function changed(treatment: string, text: string, { isOwn, isSubject, context }: Reading): string {
  if (treatment === 'subject' && isOwn) return context.label
  if (treatment === 'blank' && isOwn) return ''
  return text.startsWith('{') || text.startsWith('[') ? redactJson(text, isSubject) : redacted(text, isSubject)
}

function redacted(text: string, isSubject: IsSubject): string {
  return isSubject(mailboxKey(text)) ? REMOVED : redactJson(text, isSubject)
}

/** Whether a text names somebody who is meant and works here. */
function isStaff(text: string, isSubject: IsSubject, staff: ReadonlySet<string>): boolean {
  let found = false
  eachAddress(text, (key) => {
    found ||= isSubject(key) && staff.has(key)
    return undefined
  })
  return found
}
