/** Destroys what has to go before its day: records of accounts whose mail is kept for fewer days. */

import { DAY_MS } from '../../../model/retention.ts'
import type { DayRewrites } from '../days/dayRewrites.ts'
import { type DuePart, eachReadable, slices } from '../days/slices.ts'
import { idsOf } from '../holds/matcher.ts'
import type { Threads } from '../threads/threads.ts'

type DueRecords = { found: { day: string; ids: number[] }[]; unreadable: string[] }

export class ShortenedRecords {
  private readonly threads: Threads
  private readonly rewrites: DayRewrites

  constructor(threads: Threads, rewrites: DayRewrites) {
    this.threads = threads
    this.rewrites = rewrites
  }

  /** What {@link end} would destroy, by day. Nothing is changed. */
  async due(now: number): Promise<DuePart[]> {
    const parts: DuePart[] = []
    for (const { day, ids } of (await this.dueOfDays(now)).found) {
      const samples = await this.threads.history.scanner.samplesAmong(day, ids)
      parts.push({ day, headers: ids.length, samples: samples.length })
    }
    return parts
  }

  /** Destroys them. Returns the receipts' ids, and the days that cannot be read. */
  end(now: number): Promise<{ receipts: number[]; unreadable: string[] }> {
    return this.rewrites.inTurn(async () => {
      const receipts: number[] = []
      const known = idsOf(await this.threads.reader.holds.active())
      const { found, unreadable } = await this.dueOfDays(now)
      const stuck = await eachReadable(found, async ({ day, ids }) => {
        const receipt = await this.rewrites.without(day, ids, { kind: 'retention', now, known })
        if (receipt !== undefined) receipts.push(receipt)
      })
      return { receipts, unreadable: [...unreadable, ...stuck] }
    })
  }

  /** Records of shortened accounts that have to go now, by day. */
  private async dueOfDays(now: number): Promise<DueRecords> {
    const { scanner } = this.threads.history
    const days = await scanner.shortenedDays(now)
    const found: DueRecords['found'] = []
    const unreadable = await eachReadable(days, async ({ day, accounts }) => {
      const ids: number[] = []
      for (const account of await scanner.present(day, accounts))
        for (const id of await this.dueOf(day, account, now)) ids.push(id)
      if (ids.length > 0) found.push({ day, ids })
    })
    return { found, unreadable }
  }

  /** Ids of an account's records in a day that have to go now: all of it is over, or some of it for a day already. */
  private async dueOf(day: string, account: number, now: number): Promise<number[]> {
    const { history, reader } = this.threads
    const ids: number[] = []
    let staying = false
    let oldestEnd = now
    const active = (await reader.holds.active()).map(({ scope }) => scope)
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
}
