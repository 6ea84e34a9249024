/** Keeps what legal holds cover beyond its day, counts it, and destroys what none covers any more. */

import type { Hold, HoldScope } from '../../../model/hold.ts'
import { HELD_DAY } from '../days/dayFile.ts'
import type { DayRewrites } from '../days/dayRewrites.ts'
import type { DayRow } from '../days/reader.ts'
import { byDay, type DuePart, eachReadable, slices } from '../days/slices.ts'
import type { Threads } from '../threads/threads.ts'
import { idsOf } from './matcher.ts'

/** Records copied into the file of the holds in one step. */
const COPIED = 250

export class HeldRecords {
  private readonly threads: Threads
  private readonly rewrites: DayRewrites
  private readonly counted = new Map<string, { stamp: string; count: number }>()

  constructor(threads: Threads, rewrites: DayRewrites) {
    this.threads = threads
    this.rewrites = rewrites
  }

  /**
   * Copies what holds keep of days that are about to go, durably. To be called while nothing is moved into days. Returns
   * the days that cannot be read, so that nobody knows what holds keep of them.
   */
  async holdBack(days: string[]): Promise<string[]> {
    const { writer, history } = this.threads
    const active = await this.scopes()
    if (active.length === 0) return []
    await writer.holdRetention.prepareHeld()
    const named = days.map((day) => ({ day }))
    return eachReadable(named, async ({ day }) => {
      await slices(
        (after) => history.scanner.covered(day, active, after),
        ({ ids }) => this.copy(day, ids),
      )
      await this.copy(day, await history.scanner.coveredLive(day, active))
    })
  }

  /**
   * Destroys what no hold keeps any more. Returns the receipt's id; undefined when there was nothing, and `unreadable`
   * when the file of the holds cannot be read and may hold something that has to go.
   */
  releaseEnded(now: number): Promise<number | 'unreadable' | undefined> {
    const { scanner } = this.threads.history
    return this.rewrites.inTurn(async () => {
      const holds = await this.threads.reader.holds.active()
      const active = holds.map(({ scope }) => scope)
      const about = { kind: 'hold', now, known: idsOf(holds) } as const
      let receipt: number | undefined
      const unreadable = await eachReadable([{ day: HELD_DAY }], async () => {
        const ids = await this.endedRecords(active)
        for (const id of await scanner.endedSamples(active)) ids.push(id)
        if (ids.length > 0) receipt = await this.rewrites.without(HELD_DAY, ids, about)
      })
      if (unreadable.length === 0) return receipt
      return active.length > 0 ? 'unreadable' : this.rewrites.giveUpHeld(about)
    })
  }

  /** What {@link releaseEnded} would destroy, by the day of its acceptance. Nothing is changed. */
  async due(): Promise<DuePart[]> {
    const { scanner, rewriting } = this.threads.history
    const active = await this.scopes()
    let due: DuePart[] = []
    const unreadable = await eachReadable([{ day: HELD_DAY }], async () => {
      const ids = await this.endedRecords(active)
      const samples = await scanner.samplesAmong(HELD_DAY, ids)
      due = byDay(ids, [...samples, ...(await scanner.endedSamples(active))])
    })
    if (unreadable.length === 0 || active.length > 0) return due
    const whole = await rewriting.giveUpHeld()
    return whole ? [{ day: HELD_DAY, headers: whole.headersGone, samples: whole.samplesGone.length }] : []
  }

  /** How many records of each of these days holds cover. */
  async countCovered(days: string[]): Promise<Map<string, number>> {
    const { reader } = this.threads
    const active = await reader.holds.active()
    if (active.length === 0) return new Map()
    const rows = await reader.log.days()
    const result = new Map<string, number>()
    const asked = rows.filter(({ day }) => days.includes(day))
    await eachReadable(asked, async (row) => void result.set(row.day, await this.coveredIn(row, active)))
    for (const day of this.counted.keys()) if (!rows.some((row) => row.day === day)) this.counted.delete(day)
    return result
  }

  /** How many samples of a day holds cover that have not been copied. */
  async countCoveredSamples(day: string): Promise<number> {
    const active = await this.scopes()
    let count = 0
    if (active.length > 0)
      await eachReadable([{ day }], async () => {
        count = await this.threads.history.scanner.countCoveredSamples(day, active)
      })
    return count
  }

  /** How many records beyond their day each hold keeps, by id of the hold. */
  async countHeld(holds: readonly Hold[]): Promise<Map<number, number>> {
    const totals = holds.map(() => 0)
    const scopes = holds.map(({ scope }) => scope)
    // what cannot be read is reported at the start, and by each run of retention
    const count = () =>
      slices(
        (after) => this.threads.history.scanner.countHeld(scopes, after),
        ({ counts }) => {
          counts.forEach((one, index) => {
            totals[index]! += one
          })
        },
      )
    await eachReadable([{ day: HELD_DAY }], count)
    return new Map(holds.map(({ id }, index) => [id, totals[index]!]))
  }

  private async scopes(): Promise<HoldScope[]> {
    return (await this.threads.reader.holds.active()).map(({ scope }) => scope)
  }

  private async copy(day: string, ids: number[]): Promise<void> {
    const { writer, history } = this.threads
    for (let start = 0; start < ids.length; start += COPIED)
      await writer.holdRetention.copied(await history.heldFile.copy(day, ids.slice(start, start + COPIED)))
  }

  /** Records in the file of the holds that no scope covers any more. */
  private async endedRecords(active: readonly HoldScope[]): Promise<number[]> {
    const ids: number[] = []
    await slices(
      (after) => this.threads.history.scanner.ended(active, after),
      (slice) => {
        for (const id of slice.ids) ids.push(id)
      },
    )
    return ids
  }

  /** Records of a day under a hold; counted again only when the day or the holds are others. */
  private async coveredIn({ day, generation, records }: DayRow, active: readonly Hold[]): Promise<number> {
    const stamp = [generation, records, ...active.map(({ id }) => id)].join(' ')
    const known = this.counted.get(day)
    if (known?.stamp === stamp) return known.count
    const scopes = active.map(({ scope }) => scope)
    let count = 0
    await slices(
      (after) => this.threads.history.scanner.covered(day, scopes, after),
      ({ ids }) => {
        count += ids.length
      },
    )
    this.counted.set(day, { stamp, count })
    return count
  }
}
