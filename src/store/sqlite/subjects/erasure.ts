/**
 * Erases data subjects place by place. A crash can end an erasure anywhere: each step leaves what the next run finds, and
 * none is done twice.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { mailboxKey } from '../../../model/addressKey.ts'
import type { QueueFilter } from '../../../model/filter.ts'
import { formatId } from '../../../model/id.ts'
import type { Erased, ErasureOrder } from '../../subjects.ts'
import { idsOf } from '../holds/matcher.ts'
import { endPending } from '../retention/client.ts'
import { truncateLog } from '../thread/truncate.ts'
import { finishDestruction } from '../trust/client.ts'
import { Look, type Pass, type SubjectParts } from './look.ts'
import { hashesOf } from './match.ts'
import type { LiveSubjectsFound } from './reader.ts'
import type { ErasureNotice, RowErasure } from './writer.ts'

/** Rows changed, and captured deliveries cancelled, in one transaction. */
const PIECE = 500
/** How often it is looked whether finished mail has moved to its day, and how long it is waited for, in milliseconds. */
const MOVE_PAUSE_MS = 50
const MOVE_TRIES = 200

export class Erasure extends Look {
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
      const known = idsOf(await this.parts.reader.holds.active())
      const going: number[] = []
      const changing: number[] = []
      await this.day(day, ({ alone, others, held, letters, looked: records }) => {
        for (const id of alone) going.push(id)
        for (const id of others) changing.push(id)
        this.places.stay('header records', 'hold', undefined, held)
        this.places.stay('letters', 'request', undefined, letters)
        looked(records)
      })
      if (going.length + changing.length > 0 && !this.isCancelled) await this.eraseDay(day, going, changing, known)
    })
  }

  private async eraseDay(day: string, going: number[], changing: number[], known: number[]): Promise<void> {
    const { meant } = this.pass
    const about = { kind: 'erasure', now: this.order.at, known } as const
    const done = await this.parts.rewrites.inTurn(() =>
      this.parts.rewrites.erase(day, going, { ids: changing, meant }, about),
    )
    if (done === 'held') this.places.stay('header records', 'hold', undefined, going.length + changing.length)
    if (!done || done === 'held') return
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
    const key = mailboxKey(this.order.actor)
    const names: readonly string[] = secret ? hashesOf(secret, key) : [key]
    return subjects.some((one) => one.key !== undefined && names.includes(one.key)) ? 'system' : this.order.actor
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
