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

/** On what grounds something is destroyed. */
export interface Destruction {
  kind: ReceiptKind
  now: number
  /** ids of the holds in force before it was looked what they keep */
  known: number[]
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
   * is no such day, or when a hold came into force since it was chosen what goes. To be called in turn.
   */
  async without(day: string, ids: number[], about: Destruction): Promise<number | undefined> {
    const done = await this.rewrite(day, ids, undefined, about)
    return done === 'held' ? undefined : done?.receipt
  }

  /** The same for an erasure, which takes subjects out of some other records too; `held` when a hold came into force. */
  erase(day: string, ids: number[], edits: Edits, about: Destruction): Promise<DayErasure | 'held' | undefined> {
    return this.rewrite(day, ids, edits, about)
  }

  /** Destroys the files of the holds as a whole: nothing of them stays, and what is in them cannot be read. */
  giveUpHeld(about: Destruction): Promise<number | undefined> {
    return this.alone(async () => {
      const whole = await this.parts.history.rewriting.giveUpHeld()
      return whole && (await this.change(whole, about))?.receipt
    })
  }

  private async rewrite(day: string, ids: number[], edits: Edits | undefined, about: Destruction) {
    const { rewriting } = this.parts.history
    if (!(await rewriting.begin(day, ids, edits))) return undefined
    while (await rewriting.step());
    return this.alone(async () => {
      const rewritten = await rewriting.finish()
      if (!rewritten) throw new Error('no file is being written anew')
      return (await this.change(rewritten, about)) ?? ('held' as const)
    })
  }

  /** While nothing is moved into days, neither records nor samples. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const { archiver, sampleMoves } = this.parts
    return archiver.alone(() => sampleMoves.alone(work))
  }

  /**
   * The catalogue changes to the new files; the old ones, whose keys are destroyed with that, are unlinked. When a hold
   * came into force meanwhile the new ones are, and the next run chooses again.
   */
  private async change(rewritten: Rewritten, { kind, now: at, known }: Destruction): Promise<DayErasure | undefined> {
    const { writer, history, reader } = this.parts
    const { day } = rewritten
    const receipt = await writer.holdRetention.swap({ rewritten, kind, at, known })
    await reader.log.releaseDays([day])
    const { orphans, bytes } = await history.days.sweepDays([day])
    if (receipt === undefined) return undefined
    await truncateLog(writer)
    await writer.receipts.finish(receipt, bytes[0] ?? 0, orphans, at)
    const { headersGone: headers, edited: redacted, samplesGone } = rewritten
    return { receipt, headers, redacted, samples: samplesGone.length }
  }
}
