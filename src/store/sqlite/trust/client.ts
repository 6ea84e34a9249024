/** Trust as the store offers it, and the end of what a decision destroys. */

import type { Account } from '../../../model/account.ts'
import { defaultThresholds, type Thresholds } from '../../../model/trust.ts'
import type { AccountFigures, TrustStore } from '../../trust.ts'
import type { SampleMoves } from '../samples/client.ts'
import type { Channel } from '../thread/channel.ts'
import { truncateLog } from '../thread/truncate.ts'
import { THRESHOLDS } from './rows.ts'
import type { Decided } from './writer.ts'

interface TrustParts {
  writer: Channel
  history: Channel
  reader: Channel
  now: () => number
  /** tells the directory in memory what became of an account */
  changeAccount(id: number, change: Partial<Account>): void
  sampleMoves: SampleMoves
}

/**
 * Destroys the sealed bytes of samples that a decision took out of the list, and signs its receipt. At start it ends
 * what a crash interrupted. Returns the days whose samples cannot be read: nobody knows whether these bytes are among
 * them, so that the receipt waits until such a file is put back, or gone with its day.
 */
export async function finishDestruction({
  writer,
  history,
  now,
}: Pick<TrustParts, 'writer' | 'history' | 'now'>): Promise<string[]> {
  const receipts = await writer.call<number[]>('unfinishedSamples', undefined)
  if (receipts.length === 0) return []
  const unreadable = await history.call<string[]>('sweepSamples', undefined)
  await truncateLog(writer)
  if (unreadable.length > 0) return unreadable
  await writer.call('finishSamples', [receipts, now()])
  return []
}

/** Builds the part of the store that keeps trust, complaints and the status of accounts. */
export function createTrust(parts: TrustParts): TrustStore {
  const { writer, reader, now, changeAccount, sampleMoves } = parts
  return {
    async figures(at, account) {
      // what was counted and is not written yet counts too
      await writer.call('flushCounts', undefined)
      return reader.call<AccountFigures[]>('figures', [at, account])
    },
    history: (account) => reader.call('trustHistory', account),
    async decide(decision) {
      const decided = await writer.call<Decided | undefined>('decideTrust', decision)
      if (!decided) return undefined
      changeAccount(decision.account, { trusted: decision.decision === 'on' })
      // not while a day's samples change over to another file: what is swept in one would stay in the other
      if (decided.receipt !== undefined) await sampleMoves.alone(() => finishDestruction(parts))
      const { tell: _, ...rest } = decision
      return { ...rest, ...decided }
    },
    async thresholds() {
      const text = await reader.call<string | undefined>('setting', THRESHOLDS)
      return text === undefined ? defaultThresholds : (JSON.parse(text) as Thresholds)
    },
    setThresholds: (thresholds, act) => writer.call('setThresholds', [thresholds, act]),
    addComplaint: (complaint, act) => writer.call('addComplaint', [complaint, act]),
    complaints: (account) => reader.call('complaints', account),
    untold: () => reader.call('untoldDecisions', undefined),
    told: (decision, message) => writer.call('notifiedDecision', [decision, message, now()]),
    async setStatus(account, status, act) {
      await writer.call('setAccountStatus', [account, status, act])
      changeAccount(account, { status, statusReason: status === 'active' ? '' : act.reason })
    },
  }
}
