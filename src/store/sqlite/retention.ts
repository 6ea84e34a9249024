/**
 * The purge of days that are over. In steps, each of which a later run repeats or ends when a crash comes between:
 * count → destroy the keys (one transaction, with pending receipts) → unlink the files, sweep orphans, truncate the
 * log → sign the receipts (one transaction).
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { KeepPolicy } from '../../model/retention.ts'
import type { Receipt, RetentionFindings, RetentionState, RetentionStore } from '../retention.ts'
import type { Archiver } from './archiver.ts'
import type { Channel } from './channel.ts'
import type { Counted, SweepResult } from './history/purge.ts'
import type { OverDay } from './reader/retention.ts'
import type { DueDay, Swept } from './writer/retention.ts'

/** How often the log of the main database is tried to be truncated while somebody reads, and the pause between. */
const TRIES = 100
const PAUSE_MS = 20

interface RetentionParts {
  writer: Channel
  history: Channel
  reader: Channel
  archiver: Archiver
  /** sets aside what a legal hold keeps of days that are about to go */
  holdBack(days: string[], now: number): Promise<void>
  /** tells the directory in memory of a policy that was set */
  changePolicy(policy: KeepPolicy): void
}

/** Builds the part of the store that keeps the promise of retention. */
export function createRetention(parts: RetentionParts): RetentionStore {
  const { writer, reader, archiver, changePolicy } = parts
  return {
    purge: (now) => archiver.alone(() => purge(parts, now)),
    state: (now) => reader.call<RetentionState>('retentionState', now),
    days: () => reader.call('keptDays', undefined),
    plan: (at, days) => reader.call('retentionPlan', [at, days]),
    findings: (now) => reader.call<RetentionFindings>('retentionFindings', now),
    receipts: (limit, before) => reader.call('receipts', [limit, before]),
    async setDays(days, entry) {
      changePolicy(await writer.call<KeepPolicy>('setPolicyDays', [days, entry]))
    },
  }
}

async function purge(parts: RetentionParts, now: number): Promise<Receipt[]> {
  const { writer, reader, holdBack } = parts
  const over = await reader.call<OverDay[]>('overDays', now)
  const overDays = over.map(({ day }) => day)
  if (over.length > 0) {
    await holdBack(overDays, now)
    // what is held has left its day: only then is it known what goes
    await begin(parts, await reader.call<OverDay[]>('overDays', now), now)
  }
  const pending = await reader.call<{ receipt: number; day: string }[]>('pendingReceipts', undefined)
  const { swept, orphans } = await sweep(parts, pending)
  await writer.call('finishPurge', [swept, orphans, now])
  const receipts = await reader.call<Receipt[]>('receipts', [Math.max(1, pending.length), undefined])
  const ids = new Set(pending.map(({ receipt }) => receipt))
  return receipts.filter(({ id }) => ids.has(id)).reverse()
}

/** Destroys the keys of days, and writes what goes with them. */
async function begin({ writer, history, reader }: RetentionParts, over: OverDay[], now: number): Promise<void> {
  const counted = await history.call<Counted[]>('countDays', over)
  const days = over.map((day, index): DueDay => {
    const { digest, bytes } = counted[index]!
    return { ...day, digest, bytesBefore: bytes }
  })
  await reader.call(
    'releaseDays',
    days.map(({ day }) => day),
  )
  await writer.call('beginPurge', [days, now])
}

/** Unlinks what no entry speaks for, and truncates the log, in which destroyed keys may be read up to here. */
async function sweep(
  { writer, history, reader }: RetentionParts,
  pending: { receipt: number; day: string }[],
): Promise<{ swept: Swept[]; orphans: number }> {
  const days = pending.map(({ day }) => day)
  await reader.call('releaseDays', days)
  const { orphans, bytes } = await history.call<SweepResult>('sweepDays', days)
  if (pending.length > 0) await truncate(writer)
  return { swept: pending.map(({ receipt }, index) => ({ receipt, bytesAfter: bytes[index]! })), orphans }
}

async function truncate(writer: Channel): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await writer.call<boolean>('truncateLog', undefined)) return
    await sleep(PAUSE_MS)
  }
  throw new Error('the log of the main database could not be truncated: somebody reads all the time')
}
