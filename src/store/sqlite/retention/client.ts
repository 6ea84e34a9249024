/**
 * The purge of days that are over. In steps, each of which a later run repeats or ends when a crash comes between:
 * count → destroy the keys (one transaction, with pending receipts) → unlink the files, sweep orphans, truncate the
 * log → sign the receipts (one transaction).
 */

import type { RetentionRules } from '../../../model/retention.ts'
import type { Receipt, RetainedDay, RetentionStore } from '../../retention.ts'
import type { Archiver } from '../days/archiver.ts'
import type { DayRewrites } from '../days/dayRewrites.ts'
import type { HeldRecords } from '../holds/heldRecords.ts'
import { idsOf } from '../holds/matcher.ts'
import type { SampleMoves } from '../samples/client.ts'
import { truncateLog } from '../thread/truncate.ts'
import type { History, Reader, Writer } from '../threads/threads.ts'
import { finishDestruction } from '../trust/client.ts'
import { planRun } from './plan.ts'
import { sweepQuarantine } from './quarantine.ts'
import type { OverDay } from './reader.ts'
import type { ShortenedRecords } from './shortenedRecords.ts'
import type { DueDay, Swept } from './writer.ts'

interface RetentionParts {
  /** the data folder */
  folder: string
  writer: Writer
  history: History
  reader: Reader
  archiver: Archiver
  rewrites: DayRewrites
  held: HeldRecords
  shortened: ShortenedRecords
  sampleMoves: SampleMoves
  now: () => number
  /** tells the directory in memory of a policy that was set */
  changePolicy(policy: RetentionRules): void
}

/** Builds the part of the store that keeps the promise of retention. */
export function createRetention(parts: RetentionParts): RetentionStore {
  const { writer, reader, changePolicy } = parts
  return {
    purge: (now) => run(parts, now),
    state: (now) => reader.retention.state(now),
    days: async () => withHeld(parts, await reader.retention.days()),
    plan: (at, days) => planRun(parts, at, days),
    findings: (now) => reader.retention.findings(now),
    receipts: (limit, before) => reader.retention.receipts(limit, before),
    async setDays(days, entry) {
      changePolicy(await writer.retention.setDays(days, entry))
    },
  }
}

/** Counts what holds keep of each day. */
async function withHeld(parts: RetentionParts, days: RetainedDay[]): Promise<RetainedDay[]> {
  const held = await parts.held.countCovered(days.map(({ day }) => day))
  return days.map((day) => ({ ...day, held: held.get(day.day) ?? 0 }))
}

/** How often it is looked again what holds keep, because one was placed meanwhile: then the next run does. */
const HOLD_TRIES = 3

/** What is said of days that cannot be read. */
const STAYS = {
  held: 'cannot be read, and a legal hold may keep some of it: put its file back from a copy, or release the hold',
  aside: 'stays, because a legal hold keeps some of it and days/held.db cannot be read',
  samples: 'has samples that cannot be read, and a receipt of samples that were destroyed waits until none can be left',
  shortened: 'cannot be read, and mail of an account in it has to go before its day: put its file back from a copy',
}

const HELD_STAYS =
  'days/held.db cannot be read, and what was kept by a hold that was released cannot go: put it back from a copy, or release every hold'

/**
 * All that has to go: what of an account is over before its day is, days that are over, what no hold keeps any more. A
 * day that cannot be read keeps no other waiting.
 * @throws when everything else is done, naming the days that had to stay
 */
async function run(parts: RetentionParts, now: number): Promise<Receipt[]> {
  const { writer, reader, archiver, rewrites, sampleMoves, folder } = parts
  const aside = sweepQuarantine(folder, now)
  const entry = { at: now, actor: 'system', action: 'retention.aside', object: 'corrupt', reason: '', details: {} }
  if (aside > 0) await writer.audit.append({ ...entry, facts: { files: aside } })
  const shortened = await parts.shortened.end(now)
  const purged = await rewrites.inTurn(() => archiver.alone(() => purge(parts, now)))
  const released = await parts.held.releaseEnded(now)
  const samples = await rewrites.inTurn(() => sampleMoves.alone(() => finishDestruction(parts)))
  const left = (await reader.log.days()).map(({ day }) => day)
  const stays = [
    ...left.flatMap((day) => [
      ...(purged.unreadable.includes(day) ? [`${day} ${released === 'unreadable' ? STAYS.aside : STAYS.held}`] : []),
      ...(shortened.unreadable.includes(day) ? [`${day} ${STAYS.shortened}`] : []),
    ]),
    ...samples.map((day) => `${day} ${STAYS.samples}`),
    ...(released === 'unreadable' ? [HELD_STAYS] : []),
  ]
  if (stays.length > 0) throw new Error(stays.join('; '))
  const ids = new Set([...shortened.receipts, ...purged.receipts, ...(typeof released === 'number' ? [released] : [])])
  if (ids.size === 0) return []
  const receipts = await reader.retention.receipts(Number.MAX_SAFE_INTEGER, undefined, Math.min(...ids))
  return receipts.filter(({ id }) => ids.has(id)).reverse()
}

/** Ends what a crash interrupted after its keys were destroyed: unlinks, truncates the log, signs. */
export async function endPending(
  parts: Pick<RetentionParts, 'writer' | 'history' | 'reader' | 'archiver' | 'rewrites'>,
  at: number,
): Promise<void> {
  const { writer, reader, archiver, rewrites } = parts
  await rewrites.inTurn(() =>
    archiver.alone(async () => {
      const pending = await reader.retention.pending()
      if (pending.length === 0) return
      const { swept, orphans } = await sweep(parts, pending)
      for (const [index, { receipt, bytesAfter }] of swept.entries())
        await writer.receipts.finish(receipt, bytesAfter, index === 0 ? orphans : 0, at)
    }),
  )
}

/** Returns the receipts' ids, and the days that had to stay because they cannot be read. */
async function purge(parts: RetentionParts, now: number): Promise<{ receipts: number[]; unreadable: string[] }> {
  const { writer, reader, held } = parts
  let unreadable: string[] = []
  for (let tries = 0; tries < HOLD_TRIES; tries++) {
    const over = await reader.retention.over(now)
    if (over.length === 0) break
    const known = idsOf(await reader.holds.active())
    unreadable = await held.holdBack(over.map(({ day }) => day))
    // what is held has left its day: only then is it known what goes
    const going = await reader.retention.over(now)
    const readable = going.filter(({ day }) => !unreadable.includes(day))
    if (await begin(parts, readable, now, known)) break
  }
  const pending = await reader.retention.pending()
  const { swept, orphans } = await sweep(parts, pending)
  await writer.retention.finish(swept, orphans, now)
  return { receipts: swept.map(({ receipt }) => receipt), unreadable }
}

/**
 * Destroys the keys of days, and writes what goes with them. Returns false when a hold was placed since those known: it
 * may cover some of it.
 */
async function begin(
  { writer, history, reader }: RetentionParts,
  over: OverDay[],
  now: number,
  known: number[],
): Promise<boolean> {
  const counted = await history.purge.count(over)
  const days = over.map((day, index): DueDay => {
    const { digest, bytes, held } = counted[index]!
    return { ...day, held, digest, bytesBefore: bytes }
  })
  await reader.log.releaseDays(days.map(({ day }) => day))
  return writer.retention.begin(days, now, known)
}

/** Unlinks what no entry speaks for, and truncates the log, in which destroyed keys may be read up to here. */
async function sweep(
  { writer, history, reader }: Pick<RetentionParts, 'writer' | 'history' | 'reader'>,
  pending: { receipt: number; day: string }[],
): Promise<{ swept: Swept[]; orphans: number }> {
  const days = pending.map(({ day }) => day)
  await reader.log.releaseDays(days)
  const { orphans, bytes } = await history.days.sweepDays(days)
  // of a day that stays, samples may have gone with records that came too late for it
  const unreadable = days.length > 0 ? await history.sampleSweep.sweep(days) : []
  if (pending.length > 0) await truncateLog(writer)
  const swept = pending.map(({ receipt }, index) => ({ receipt, bytesAfter: bytes[index]! }))
  return { swept: swept.filter((_, index) => !unreadable.includes(days[index]!)), orphans }
}
