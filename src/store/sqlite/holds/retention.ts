/**
 * What stays beyond its day, by a legal hold, and what goes before it. A day is looked through, copied and written anew
 * in slices; only the last step, when the catalogue changes to the new files, keeps the archiver waiting.
 */

import type { Hold, HoldScope } from '../../../model/hold.ts'
import { timeOfId } from '../../../model/id.ts'
import { DAY_MS, dayOf } from '../../../model/retention.ts'
import type { Archiver } from '../days/archiver.ts'
import { HELD_DAY } from '../days/dayFile.ts'
import type { DayRow } from '../days/reader.ts'
import type { Edits } from '../days/rewrite.ts'
import type { Rewritten } from '../days/rewriting.ts'
import type { ReceiptKind } from '../retention/receipts.ts'
import type { SampleMoves } from '../samples/client.ts'
import { isUnreadable } from '../thread/connection.ts'
import { truncateLog } from '../thread/truncate.ts'
import type { History, Reader, Writer } from '../threads.ts'
import type { Swap } from './retentionWriter.ts'

/** Records set aside in one step. */
const COPIED = 250

export interface HoldRetention {
  /** Runs what must not meet a rewriting. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /**
   * Copies what holds keep of days that are about to go, durably. To be called while nothing is moved into days. Returns
   * the days that cannot be read, so that nobody knows what holds keep of them.
   */
  holdBack(days: string[]): Promise<string[]>
  /**
   * Destroys what no hold keeps any more. Returns the receipt's id; undefined when there was nothing, and `unreadable`
   * when the file of the holds cannot be read and may hold something that has to go.
   */
  releaseEnded(now: number): Promise<number | 'unreadable' | undefined>
  /**
   * Destroys records that are over before their day is, by the days of their account. Returns the receipts' ids, and the
   * days that cannot be read.
   */
  endShortened(now: number): Promise<{ receipts: number[]; unreadable: string[] }>
  /**
   * Writes a day's files anew without the records named and their samples, and without persons in some others. Undefined
   * when there is no such day.
   */
  rewriteDay(day: string, ids: number[], edits: Edits, now: number): Promise<DayErasure | undefined>
  /** What {@link endShortened} would destroy, by day. Nothing is changed. */
  dueEarly(now: number): Promise<DuePart[]>
  /** What {@link releaseEnded} would destroy, by the day of its acceptance. Nothing is changed. */
  dueOfHolds(): Promise<DuePart[]>
  /** How many samples of a day holds cover that have not been set aside. */
  countCoveredSamples(day: string): Promise<number>
  /** How many records of each of these days holds cover. */
  countCovered(days: string[]): Promise<Map<string, number>>
  /** How many records beyond their day each hold keeps, by id of the hold. */
  countHeld(holds: readonly Hold[]): Promise<Map<number, number>>
}

/** A part of a day that has to go. */
export interface DuePart {
  day: string
  headers: number
  samples: number
}

/** What an erasure did to a day. */
export interface DayErasure {
  receipt: number
  headers: number
  redacted: number
  samples: number
}

interface HoldRetentionParts {
  writer: Writer
  history: History
  reader: Reader
  archiver: Archiver
  sampleMoves: SampleMoves
}

/** Calls for slice after slice, until there is none. */
async function slices<T extends { next: number | undefined }>(
  call: (after: number) => Promise<T>,
  take: (slice: T) => void | Promise<void>,
): Promise<void> {
  for (let after: number | undefined = -1; after !== undefined; ) {
    const slice: T = await call(after)
    await take(slice)
    after = slice.next
  }
}

/** Works on one day after the other. Returns those whose files cannot be read: the others must not wait for them. */
async function eachReadable<T extends { day: string }>(
  days: readonly T[],
  work: (day: T) => Promise<void>,
): Promise<string[]> {
  const unreadable: string[] = []
  for (const one of days) {
    try {
      await work(one)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      unreadable.push(one.day)
    }
  }
  return unreadable
}

/** Counts records and samples by the day of their acceptance, oldest first. */
function byDay(records: readonly number[], samples: readonly number[]): DuePart[] {
  const found = new Map<string, DuePart>()
  const of = (id: number): DuePart => {
    const day = dayOf(timeOfId(id))
    const part = found.get(day) ?? { day, headers: 0, samples: 0 }
    found.set(day, part)
    return part
  }
  for (const id of records) of(id).headers += 1
  for (const id of samples) of(id).samples += 1
  return [...found.values()]
}

/** Builds the part of the store that keeps beyond days and ends before them. */
export function createHoldRetention(parts: HoldRetentionParts): HoldRetention {
  const { writer, history, reader } = parts
  let last: Promise<unknown> = Promise.resolve()
  const counted = new Map<string, { stamp: string; count: number }>()

  /** One rewriting at a time: the files in the making are nobody's, and would be swept. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }

  const holds = (): Promise<Hold[]> => reader.holds.active()
  const scopes = async () => (await holds()).map(({ scope }) => scope)

  async function quarantined(day: string, ids: number[]): Promise<void> {
    for (let start = 0; start < ids.length; start += COPIED) {
      const aside = await history.heldFile.quarantined(day, ids.slice(start, start + COPIED))
      await writer.holdRetention.quarantined(aside)
    }
  }

  async function rewrite(day: string, ids: number[], kind: ReceiptKind, now: number): Promise<number | undefined> {
    if (!(await history.rewriting.begin(day, ids))) return undefined
    while (await history.rewriting.step());
    return (await alone(parts, () => swap(parts, kind, now))).receipt
  }

  async function erase(day: string, ids: number[], edits: Edits, now: number): Promise<DayErasure | undefined> {
    if (!(await history.rewriting.begin(day, ids, edits))) return undefined
    while (await history.rewriting.step());
    return alone(parts, () => swap(parts, 'erasure', now))
  }

  /** Destroys the files of the holds as a whole: nothing of them stays, and what is in them cannot be read. */
  async function giveUpHeld(now: number): Promise<number | undefined> {
    return alone(parts, async () => {
      const whole = await history.rewriting.giveUpHeld()
      return whole && (await change(parts, whole, 'hold', now)).receipt
    })
  }

  /** Ids of an account's records in a day that have to go now: all of it is over, or some of it for a day already. */
  async function due(day: string, account: number, now: number): Promise<number[]> {
    const ids: number[] = []
    let staying = false
    let oldestEnd = now
    const active = await scopes()
    await slices(
      (after) => history.scanner.over(day, account, active, now, after),
      (slice) => {
        for (const id of slice.ids) ids.push(id)
        staying ||= slice.staying
        oldestEnd = Math.min(oldestEnd, slice.oldestEnd ?? now)
      },
    )
    return staying && oldestEnd > now - DAY_MS ? [] : ids
  }

  /** Records of shortened accounts that have to go now, by day. */
  async function dueOfDays(now: number): Promise<{ found: { day: string; ids: number[] }[]; unreadable: string[] }> {
    const days = await history.scanner.shortenedDays(now)
    const found: { day: string; ids: number[] }[] = []
    const unreadable = await eachReadable(days, async ({ day, accounts }) => {
      const ids: number[] = []
      for (const account of await history.scanner.present(day, accounts))
        for (const id of await due(day, account, now)) ids.push(id)
      if (ids.length > 0) found.push({ day, ids })
    })
    return { found, unreadable }
  }

  /** Records in the hold that no scope covers any more. */
  async function endedRecords(active: readonly HoldScope[]): Promise<number[]> {
    const ids: number[] = []
    await slices(
      (after) => history.scanner.ended(active, after),
      (slice) => {
        for (const id of slice.ids) ids.push(id)
      },
    )
    return ids
  }

  /** Records of a day under a hold; counted again only when the day or the holds are others. */
  async function coveredIn({ day, generation, records }: DayRow, active: readonly Hold[]): Promise<number> {
    const stamp = [generation, records, ...active.map(({ id }) => id)].join(' ')
    const known = counted.get(day)
    if (known?.stamp === stamp) return known.count
    let count = 0
    await slices(
      (after) =>
        history.scanner.covered(
          day,
          active.map(({ scope }) => scope),
          after,
        ),
      ({ ids }) => {
        count += ids.length
      },
    )
    counted.set(day, { stamp, count })
    return count
  }

  return {
    inTurn,

    async countCovered(days) {
      const active = await holds()
      if (active.length === 0) return new Map()
      const rows = await reader.log.days()
      const result = new Map<string, number>()
      const asked = rows.filter(({ day }) => days.includes(day))
      await eachReadable(asked, async (row) => void result.set(row.day, await coveredIn(row, active)))
      for (const day of counted.keys()) if (!rows.some((row) => row.day === day)) counted.delete(day)
      return result
    },

    async holdBack(days) {
      const active = await scopes()
      if (active.length === 0) return []
      await writer.holdRetention.prepareHeld()
      const named = days.map((day) => ({ day }))
      return eachReadable(named, async ({ day }) => {
        await slices(
          (after) => history.scanner.covered(day, active, after),
          ({ ids }) => quarantined(day, ids),
        )
        await quarantined(day, await history.scanner.coveredLive(day, active))
      })
    },

    releaseEnded: (now) =>
      inTurn(async () => {
        const active = await scopes()
        let receipt: number | undefined
        const unreadable = await eachReadable([{ day: HELD_DAY }], async () => {
          const ids = await endedRecords(active)
          for (const id of await history.scanner.endedSamples(active)) ids.push(id)
          if (ids.length > 0) receipt = await rewrite(HELD_DAY, ids, 'hold', now)
        })
        if (unreadable.length === 0) return receipt
        return active.length > 0 ? 'unreadable' : giveUpHeld(now)
      }),

    async dueOfHolds() {
      const active = await scopes()
      let due: DuePart[] = []
      const unreadable = await eachReadable([{ day: HELD_DAY }], async () => {
        const ids = await endedRecords(active)
        const samples = await history.scanner.samplesAmong(HELD_DAY, ids)
        due = byDay(ids, [...samples, ...(await history.scanner.endedSamples(active))])
      })
      if (unreadable.length === 0 || active.length > 0) return due
      const whole = await history.rewriting.giveUpHeld()
      return whole ? [{ day: HELD_DAY, headers: whole.headersGone, samples: whole.samplesGone.length }] : []
    },

    async dueEarly(now) {
      const parts: DuePart[] = []
      for (const { day, ids } of (await dueOfDays(now)).found) {
        const samples = await history.scanner.samplesAmong(day, ids)
        parts.push({ day, headers: ids.length, samples: samples.length })
      }
      return parts
    },

    async countCoveredSamples(day) {
      const active = await scopes()
      let count = 0
      if (active.length > 0)
        await eachReadable([{ day }], async () => {
          count = await history.scanner.countCoveredSamples(day, active)
        })
      return count
    },

    endShortened: (now) =>
      inTurn(async () => {
        const receipts: number[] = []
        const { found, unreadable } = await dueOfDays(now)
        const stuck = await eachReadable(found, async ({ day, ids }) => {
          const receipt = await rewrite(day, ids, 'retention', now)
          if (receipt !== undefined) receipts.push(receipt)
        })
        return { receipts, unreadable: [...unreadable, ...stuck] }
      }),

    rewriteDay: (day, ids, edits, now) => inTurn(() => erase(day, ids, edits, now)),

    async countHeld(list) {
      const totals = list.map(() => 0)
      // what cannot be read is told of at the start, and by each run of retention
      const count = () =>
        slices(
          (after) =>
            history.scanner.countHeld(
              list.map(({ scope }) => scope),
              after,
            ),
          ({ counts }) => {
            counts.forEach((count, index) => {
              totals[index]! += count
            })
          },
        )
      await eachReadable([{ day: HELD_DAY }], count)
      return new Map(list.map(({ id }, index) => [id, totals[index]!]))
    },
  }
}

/** While nothing is moved into days, neither records nor samples. */
function alone<T>({ archiver, sampleMoves }: HoldRetentionParts, work: () => Promise<T>): Promise<T> {
  return archiver.alone(() => sampleMoves.alone(work))
}

/** Ends the files written anew and changes to them. */
async function swap(parts: HoldRetentionParts, kind: ReceiptKind, at: number): Promise<DayErasure> {
  const rewritten = await parts.history.rewriting.finish()
  if (!rewritten) throw new Error('no file is being written anew')
  return change(parts, rewritten, kind, at)
}

/** The catalogue changes to the new files; the old ones, whose keys are destroyed with that, are unlinked. */
async function change(
  { writer, history, reader }: HoldRetentionParts,
  rewritten: Rewritten,
  kind: ReceiptKind,
  at: number,
): Promise<DayErasure> {
  const { day } = rewritten
  const receipt = await writer.holdRetention.swap({ rewritten, kind, at } satisfies Swap)
  await reader.log.releaseDays([day])
  const { orphans, bytes } = await history.days.sweepDays([day])
  await truncateLog(writer)
  await writer.receipts.finish(receipt, bytes[0] ?? 0, orphans, at)
  const { headersGone: headers, edited: redacted, samplesGone } = rewritten
  return { receipt, headers, redacted, samples: samplesGone.length }
}
