/**
 * Persons as the store offers them: searched slice by slice in the reader's thread, and erased place by place. An erasure
 * can be ended by a crash anywhere: each step leaves what the next run finds, and none is done twice.
 */

import { hkdfSync } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { QueueFilter } from '../../../model/filter.ts'
import { formatId } from '../../../model/id.ts'
import {
  type ColumnCount,
  type Erased,
  type ErasedSubject,
  type ErasureOrder,
  EVERY_ACCOUNT,
  type SubjectScope,
  type SubjectSearch,
  type SubjectStore,
  type Suppression,
  type Work,
} from '../../subjects.ts'
import type { Archiver } from '../days/archiver.ts'
import type { HoldRetention } from '../holds/retention.ts'
import { endPending } from '../retention/client.ts'
import type { SampleMoves } from '../samples/client.ts'
import { isUnreadable } from '../thread/connection.ts'
import { truncateLog } from '../thread/truncate.ts'
import type { History, Reader, Writer } from '../threads.ts'
import { finishDestruction } from '../trust/client.ts'
import { addressIn, keyOf } from './addresses.ts'
import { Places } from './columnCounts.ts'
import { hashKey, type Meant } from './match.ts'
import type { LiveSubjectsFound, SubjectsInDay } from './reader.ts'
import { placeOf, type RowSlice, type Surroundings, searchedTables } from './tableRows.ts'
import type { ErasureNotice, RowErasure } from './writer.ts'

/** Rows changed, and captured deliveries cancelled, in one transaction. */
const PIECE = 500
/** How often it is looked whether finished mail has moved to its day, and how long it is waited for, in milliseconds. */
const MOVE_PAUSE_MS = 50
const MOVE_TRIES = 200
const KEY_BYTES = 32
/** Characters of a keyed hash that stand for the person in a request. */
const LABEL = 12

export interface SubjectParts {
  writer: Writer
  history: History
  reader: Reader
  archiver: Archiver
  sampleMoves: SampleMoves
  holdRetention: HoldRetention
  logKey: Uint8Array
  now: () => number
  hideBy: () => number
  suppressions: Suppression[]
  /** cancels deliveries, and has what is finished by it moved */
  cancel(filter: QueueFilter, reason: string, at: number): Promise<unknown>
}

/** One piece of work on everything that names the persons. */
interface Pass {
  meant: Meant
  around: Surroundings
  work: Work
}

const quiet: Work = { progress: () => undefined, isCancelled: () => false }

/** Builds the part of the store that finds and erases persons. */
export function createSubjects(parts: SubjectParts): SubjectStore {
  const secret = new Uint8Array(hkdfSync('sha256', parts.logKey, '', 'mailward person', KEY_BYTES))
  const suppressed = createSuppressions(parts)
  let last: Promise<unknown> = Promise.resolve()

  const hash = (address: string) => hashKey(secret, keyOf(addressIn(address)))
  // letters of the relay to the person are erased with an account's mail, and are not the account's to see
  const meantBy = ({ address, account }: SubjectScope, systemMail: boolean): Meant => {
    const key = address === undefined ? undefined : keyOf(addressIn(address))
    return { subjects: [{ key, account, systemMail, until: undefined }], secret: undefined }
  }
  const labelOf = ({ address }: SubjectScope) => (address === undefined ? '' : hash(address).slice(0, LABEL))

  /** One erasure at a time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }

  return {
    hash,
    async search(scope, work) {
      const around = { keepRequests: [], overRequests: [], label: labelOf(scope), at: parts.now() }
      const search = await new Search(parts, { meant: meantBy(scope, true), around, work }).run()
      const account = scope.account
      if (search && scope.address !== undefined)
        search.places.push(...(await suppressed.place(hash(scope.address), account)))
      return search
    },
    records: (scope, after, limit) =>
      parts.reader.subjects.records(meantBy(scope, false), after, limit, parts.hideBy()),
    erase(scope, order, work) {
      const around = { keepRequests: order.keepRequests, overRequests: [], label: labelOf(scope), at: order.at }
      const pass = { meant: meantBy(scope, true), around, work }
      return inTurn(() => new Erasure(parts, pass, order, scope.account ?? null).run())
    },
    eraseAgain(subjects, at) {
      const meant = { subjects: subjects.map(meantAgain), secret }
      const reason = 'erased by order before, as the erasure ledger says'
      const order = { request: 0, actor: 'system', at, reason, keepRequests: [] }
      const overRequests = subjects.flatMap(({ request, isLast }) => (isLast ? [request] : []))
      const pass = { meant, around: { keepRequests: [], overRequests, label: 'erased', at }, work: quiet }
      return inTurn(() => new Erasure(parts, pass, order, null).run())
    },
    suppressions: suppressed.list,
    suppress: suppressed.add,
    unsuppress: suppressed.remove,
    isSuppressed: (account, address) => suppressed.has(account) && suppressed.names(account, hash(address)),
  }
}

function meantAgain({ hash, account, at }: ErasedSubject): Meant['subjects'][number] {
  return { key: hash ?? undefined, account: account ?? undefined, systemMail: true, until: at }
}

/** Looks at everything, one slice after the other. */
class Look {
  protected readonly parts: SubjectParts
  protected readonly pass: Pass
  readonly places = new Places()

  constructor(parts: SubjectParts, pass: Pass) {
    this.parts = parts
    this.pass = pass
  }

  protected get isCancelled(): boolean {
    return this.pass.work.isCancelled()
  }

  protected async live(take: (found: LiveSubjectsFound['found']) => void): Promise<void> {
    const { meant, around } = this.pass
    for (let after: number | undefined = -1; after !== undefined && !this.isCancelled; ) {
      const slice: LiveSubjectsFound = await this.parts.reader.subjects.inLive(meant, around, after)
      take(slice.found)
      after = slice.next
    }
  }

  protected async day(day: string, take: (slice: SubjectsInDay) => void): Promise<void> {
    const { meant, around } = this.pass
    for (let after: number | undefined = -1; after !== undefined && !this.isCancelled; ) {
      const slice: SubjectsInDay = await this.parts.reader.subjects.inDay(meant, day, around, after)
      take(slice)
      after = slice.next
    }
  }

  protected async tables(take: (table: string, found: RowSlice['found']) => Promise<void>): Promise<void> {
    const { meant, around } = this.pass
    for (const table of searchedTables()) {
      for (let after: number | undefined = 0; after !== undefined && !this.isCancelled; ) {
        const slice: RowSlice = await this.parts.reader.subjects.inTable(meant, table, around, after)
        await take(table, slice.found)
        after = slice.next
      }
    }
  }

  /** Goes through the days, and tells how far it is. */
  protected async days(each: (day: string, looked: (records: number) => void) => Promise<void>): Promise<void> {
    const days = await this.parts.reader.subjects.catalogue()
    const total = days.reduce((sum, { records }) => sum + records, 0)
    let before = 0
    for (const { day, records } of days) {
      if (this.isCancelled) return
      let looked = 0
      try {
        await each(day, (more) => {
          looked += more
          this.pass.work.progress(Math.min(total, before + Math.min(looked, records)), total)
        })
      } catch (error) {
        if (!isUnreadable(error)) throw error
        this.places.stay('unreadable days', 'damage', `${day} (${records} header records) cannot be read`)
      }
      before += records
      this.pass.work.progress(before, total)
    }
  }

  /** Counts what is found in live mail. */
  protected countLive(found: LiveSubjectsFound['found']): void {
    for (const { isOpen, captured, isWaiting, stays } of found) {
      if (!isOpen) continue
      const place = captured.length > 0 && !isWaiting ? 'captured mail' : 'queue'
      if (stays) this.places.stay(stays === 'request' ? 'letters' : place, stays)
      else if (isWaiting) this.places.stay(place, 'delivery')
      else this.places.add(place)
    }
  }

  protected countRows(found: RowSlice['found']): void {
    for (const { table, goes, stays } of found) {
      if (stays) this.places.stay(placeOf(table), stays.cause, stays.why)
      else if (goes) this.places.add(placeOf(table))
    }
  }

  protected countDay({ alone, others, held, letters }: SubjectsInDay): void {
    this.places.add('header records', alone.length + others.length)
    this.places.stay('header records', 'hold', undefined, held)
    this.places.stay('letters', 'request', undefined, letters)
  }
}

class Search extends Look {
  private readonly accounts = new Map<number, number>()
  private oldestAt: number | undefined
  private isFound = false

  async run(): Promise<SubjectSearch | undefined> {
    const { meant } = this.pass
    const { reader, now } = this.parts
    // what is finished meanwhile is met in its day
    await this.live((found) => {
      this.countLive(found)
      for (const { account, isOpen, acceptedAt } of found)
        if (isOpen) {
          this.countAccount(account, 1)
          this.noteAge(acceptedAt)
        }
    })
    await this.days((day, looked) =>
      this.day(day, (slice) => {
        this.countDay(slice)
        for (const [account, records] of slice.accounts) this.countAccount(account, records)
        if (slice.oldestAt !== undefined) this.noteAge(slice.oldestAt)
        looked(slice.looked)
      }),
    )
    const samples = await reader.subjects.samples(meant)
    this.places.add('samples', samples.going.length)
    this.places.stay('samples', 'hold', undefined, samples.held)
    await this.tables(async (_, found) => {
      this.countRows(found)
      this.isFound ||= found.length > 0
    })
    if (this.isCancelled) return undefined
    const dataExports = await reader.subjects.dataExports(meant)
    this.places.add('packages', dataExports.filter(({ isOwn }) => isOwn).length)
    const since = this.oldestAt ?? (this.isFound ? 0 : now())
    const backups = await reader.subjects.backups(since, now())
    this.places.dated('backups', backups, (day) => `destroyed by ${day}; a restore erases first, by the erasure ledger`)
    if (meant.subjects.some(({ key }) => key === undefined))
      this.places.stay('accounts and contacts', 'kept', 'data of the account itself: gone with the account')
    const accounts = [...this.accounts].map(([account, records]) => ({ account, records }))
    return { places: this.places.list(), accounts: accounts.sort((a, b) => b.records - a.records) }
  }

  private noteAge(at: number): void {
    this.oldestAt = Math.min(at, this.oldestAt ?? at)
  }

  private countAccount(account: number, records: number): void {
    this.accounts.set(account, (this.accounts.get(account) ?? 0) + records)
  }
}

class Erasure extends Look {
  private readonly order: ErasureOrder
  private readonly account: number | null
  private readonly erased = { headers: 0, redacted: 0, samples: 0, rows: 0, receipts: [] as number[] }

  constructor(parts: SubjectParts, pass: Pass, order: ErasureOrder, account: number | null) {
    super(parts, pass)
    this.order = order
    this.account = account
  }

  async run(): Promise<Erased> {
    await endPending(this.parts, this.order.at)
    await this.endLive()
    await this.eraseSamples()
    await this.eraseDays()
    await this.eraseExports()
    await this.eraseRows()
    await this.tell()
    return {
      ...this.erased,
      waiting: this.places.list().filter(({ cause }) => cause !== 'kept' && cause !== undefined),
    }
  }

  /** Cancels what was captured, and waits until finished mail has moved to its day. */
  private async endLive(): Promise<void> {
    const captured: NonNullable<QueueFilter['deliveries']> = []
    const finished: number[] = []
    const all: LiveSubjectsFound['found'] = []
    await this.live((found) => all.push(...found))
    for (const { id, isOpen, isWaiting, stays, captured: ordinals } of all) {
      if (stays) continue
      for (const ordinal of ordinals) captured.push({ message: formatId(id), ordinal })
      if (!isOpen || (ordinals.length > 0 && !isWaiting)) finished.push(id)
    }
    this.countLive(all.filter(({ stays, isWaiting }) => stays || isWaiting))
    const reason = this.order.request === 0 ? 'erased' : `erased by request ${this.order.request}`
    for (let start = 0; start < captured.length; start += PIECE)
      await this.parts.cancel({ deliveries: captured.slice(start, start + PIECE) }, reason, this.order.at)
    await this.moved(finished)
  }

  private async moved(ids: number[]): Promise<void> {
    let left = ids
    for (let tries = 0; left.length > 0 && tries < MOVE_TRIES; tries++) {
      left = await this.parts.reader.subjects.stillLive(left)
      if (left.length > 0) await sleep(MOVE_PAUSE_MS)
    }
    this.places.stay('header records', 'delivery', 'they are about to move to their day', left.length)
  }

  private async eraseSamples(): Promise<void> {
    const { writer, reader, sampleMoves, history, now } = this.parts
    const { meant, around } = this.pass
    const { held } = await reader.subjects.samples(meant)
    this.places.stay('samples', 'hold', undefined, held)
    const gone = await writer.subjects.eraseSamples(meant, around.at)
    if (gone.receipt === undefined) return
    // not while a day's samples change over to another file
    await sampleMoves.alone(() => finishDestruction({ writer, history, now }))
    this.erased.samples += gone.samples
    this.erased.receipts.push(gone.receipt)
  }

  private eraseDays(): Promise<void> {
    return this.days(async (day, looked) => {
      const going: number[] = []
      const changing: number[] = []
      await this.day(day, ({ alone, others, held, letters, looked: records }) => {
        for (const id of alone) going.push(id)
        for (const id of others) changing.push(id)
        this.places.stay('header records', 'hold', undefined, held)
        this.places.stay('letters', 'request', undefined, letters)
        looked(records)
      })
      if (going.length + changing.length > 0 && !this.isCancelled) await this.eraseDay(day, going, changing)
    })
  }

  private async eraseDay(day: string, going: number[], changing: number[]): Promise<void> {
    const { meant } = this.pass
    const done = await this.parts.holdRetention.rewriteDay(day, going, { ids: changing, meant }, this.order.at)
    if (!done) return
    this.erased.headers += done.headers
    this.erased.redacted += done.redacted
    this.erased.samples += done.samples
    this.erased.receipts.push(done.receipt)
  }

  /** Their keys go; whoever still needs one gets another without the person. */
  private async eraseExports(): Promise<void> {
    const { reader, writer } = this.parts
    const actor = { id: 0, email: this.actor }
    for (const { id } of await reader.subjects.dataExports(this.pass.meant))
      await writer.dataExports.destroy(id, actor, this.order.at)
  }

  private async eraseRows(): Promise<void> {
    const { meant, around } = this.pass
    const order = { request: this.order.request, actor: this.actor, at: this.order.at }
    await this.tables(async (table, found) => {
      this.countRows(found.filter(({ stays }) => stays))
      const rows = found.flatMap(({ row, goes }) => (goes ? [row] : []))
      for (let start = 0; start < rows.length; start += PIECE) {
        const piece: RowErasure = { meant, around, table, rows: rows.slice(start, start + PIECE), order }
        this.erased.rows += await this.parts.writer.subjects.eraseRows(piece)
      }
    })
  }

  /** Who ordered it, unless it is the person: the entry would name what was erased. */
  private get actor(): string {
    const { subjects, secret } = this.pass.meant
    const key = keyOf(this.order.actor)
    return subjects.some((one) => one.key === (secret ? hashKey(secret, key) : key)) ? 'system' : this.order.actor
  }

  /** The log of the database is emptied: what was in it may be read there up to then. */
  private async tell(): Promise<void> {
    const { headers, redacted, samples, rows } = this.erased
    if (headers + redacted + samples + rows > 0) {
      const { request, at, reason } = this.order
      const order = { request, actor: this.actor, at, reason }
      await this.parts.writer.subjects.told({
        order,
        account: this.account,
        ...this.erased,
      } satisfies ErasureNotice)
    }
    await truncateLog(this.parts.writer)
  }
}

/** The addresses accounts do not write to, in memory. */
function createSuppressions({ writer, suppressions }: SubjectParts) {
  let all: readonly Suppression[] = suppressions
  let byAccount = index(all)
  const change = (changed: readonly Suppression[]): void => {
    all = changed
    byAccount = index(all)
  }
  return {
    list: () => all,
    has: (account: number) => byAccount.has(account) || byAccount.has(EVERY_ACCOUNT),
    names: (account: number, hash: string) =>
      [account, EVERY_ACCOUNT].some((one) => byAccount.get(one)?.has(hash) === true),
    async add(suppression: Suppression, actor: string) {
      const added = await writer.subjects.suppress(suppression, actor)
      if (added) change([...all, suppression])
    },
    async remove(account: number, hash: string, actor: string, at: number) {
      await writer.subjects.unsuppress(account, hash, actor, at)
      change(all.filter((one) => one.account !== account || one.hash !== hash))
    },
    async place(hash: string, account: number | undefined): Promise<ColumnCount[]> {
      const accounts = [account, EVERY_ACCOUNT]
      const count = all.filter(
        (one) => one.hash === hash && (account === undefined || accounts.includes(one.account)),
      ).length
      const why = 'a keyed hash alone: so that it is never written to again'
      return count === 0 ? [] : [{ place: 'suppression list', count, excepted: count, why, cause: 'kept' }]
    },
  }
}

function index(all: readonly Suppression[]): Map<number, Set<string>> {
  const result = new Map<number, Set<string>>()
  for (const { account, hash } of all) result.set(account, (result.get(account) ?? new Set()).add(hash))
  return result
}
