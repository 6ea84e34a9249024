/** Trust as the store offers it, and the end of what a decision destroys. */

import type { Account } from '../../../model/account.ts'
import { defaultThresholds, type Thresholds } from '../../../model/trust.ts'
import type { TrustStore } from '../../trust.ts'
import type { SampleMoves } from '../samples/client.ts'
import { truncateLog } from '../thread/truncate.ts'
import type { History, Reader, Writer } from '../threads/threads.ts'
import { THRESHOLDS } from './rows.ts'

interface TrustParts {
  writer: Writer
  history: History
  reader: Reader
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
  const receipts = await writer.trust.unfinished()
  if (receipts.length === 0) return []
  const unreadable = await history.sampleSweep.sweep()
  await truncateLog(writer)
  if (unreadable.length > 0) return unreadable
  await writer.trust.finish(receipts, now())
  return []
}

/** Builds the part of the store that keeps trust, complaints and the status of accounts. */
export function createTrust(parts: TrustParts): TrustStore {
  const { writer, reader, now, changeAccount, sampleMoves } = parts
  return {
    async figures(at, account) {
      // what was counted and is not written yet counts too
      await writer.volume.flush()
      return reader.trust.figures(at, account)
    },
    history: (account) => reader.trust.history(account),
    async decide(decision) {
      const decided = await writer.trust.decide(decision)
      if (!decided) return undefined
      changeAccount(decision.account, { trusted: decision.decision === 'on' })
      // not while a day's samples change over to another file: what is swept in one would stay in the other
      if (decided.receipt !== undefined) await sampleMoves.alone(() => finishDestruction(parts))
      const { tell: _, ...rest } = decision
      return { ...rest, ...decided }
    },
    async thresholds() {
      const text = await reader.directory.setting(THRESHOLDS)
      return text === undefined ? defaultThresholds : (JSON.parse(text) as Thresholds)
    },
    setThresholds: (thresholds, act) => writer.trust.setThresholds(thresholds, act),
    addComplaint: (complaint, act) => writer.trust.addComplaint(complaint, act),
    complaints: (account) => reader.trust.complaints(account),
    untold: () => reader.trust.untold(),
    told: (decision, message) => writer.trust.told(decision, message, now()),
    async setStatus(account, status, act) {
      await writer.trust.setStatus(account, status, act)
      changeAccount(account, { status, statusReason: status === 'active' ? '' : act.reason })
    },
  }
}
