/** Writes the files of days anew, one day at a time, and changes the catalogue over to them. */

import type { ReceiptKind } from '../retention/receipts.ts'
import type { SampleMoves } from '../samples/client.ts'
import { truncateLog } from '../thread/truncate.ts'
import type { Threads } from '../threads/threads.ts'
import type { Archiver } from './archiver.ts'
import type { Edits } from './rewrite.ts'
import type { Rewritten } from './rewriting.ts'

/** What an erasure did to a day. */
export interface DayErasure {
  receipt: number
  headers: number
  redacted: number
  samples: number
}

export interface DayRewriteParts extends Threads {
  archiver: Archiver
  sampleMoves: SampleMoves
}

export class DayRewrites {
  private readonly parts: DayRewriteParts
  private last: Promise<unknown> = Promise.resolve()

  constructor(parts: DayRewriteParts) {
    this.parts = parts
  }

  /** Runs what must not meet a rewriting. One at a time: the files in the making are nobody's, and would be swept. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work)
    this.last = mine.catch(() => undefined)
    return mine
  }

  /**
   * Writes a day's files anew without the records named and their samples. Returns the receipt's id; undefined when there
   * is no such day. To be called in turn.
   */
  async without(day: string, ids: number[], kind: ReceiptKind, now: number): Promise<number | undefined> {
    return (await this.rewrite(day, ids, undefined, kind, now))?.receipt
  }

  /** The same for an erasure, which takes subjects out of some other records too. */
  erase(day: string, ids: number[], edits: Edits, now: number): Promise<DayErasure | undefined> {
    return this.rewrite(day, ids, edits, 'erasure', now)
  }

  /** Destroys the files of the holds as a whole: nothing of them stays, and what is in them cannot be read. */
  giveUpHeld(now: number): Promise<number | undefined> {
    return this.alone(async () => {
      const whole = await this.parts.history.rewriting.giveUpHeld()
      return whole && (await this.change(whole, 'hold', now)).receipt
    })
  }

  private async rewrite(day: string, ids: number[], edits: Edits | undefined, kind: ReceiptKind, now: number) {
    const { rewriting } = this.parts.history
    if (!(await rewriting.begin(day, ids, edits))) return undefined
    while (await rewriting.step());
    return this.alone(async () => {
      const rewritten = await rewriting.finish()
      if (!rewritten) throw new Error('no file is being written anew')
      return this.change(rewritten, kind, now)
    })
  }

  /** While nothing is moved into days, neither records nor samples. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const { archiver, sampleMoves } = this.parts
    return archiver.alone(() => sampleMoves.alone(work))
  }

  /** The catalogue changes to the new files; the old ones, whose keys are destroyed with that, are unlinked. */
  private async change(rewritten: Rewritten, kind: ReceiptKind, at: number): Promise<DayErasure> {
    const { writer, history, reader } = this.parts
    const { day } = rewritten
    const receipt = await writer.holdRetention.swap({ rewritten, kind, at })
    await reader.log.releaseDays([day])
    const { orphans, bytes } = await history.days.sweepDays([day])
    await truncateLog(writer)
    await writer.receipts.finish(receipt, bytes[0] ?? 0, orphans, at)
    const { headersGone: headers, edited: redacted, samplesGone } = rewritten
    return { receipt, headers, redacted, samples: samplesGone.length }
  }
}
