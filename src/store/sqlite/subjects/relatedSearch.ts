/** Searches for mailboxes that may belong together with a data subject's, and are never destroyed in its place. */

import type { ColumnCount } from '../../subjects.ts'
import { Look } from './look.ts'

const WHY =
  'only what follows a plus sign differs, and another mailbox may be another person’s: it stays; ' +
  'open a request for each such address if it is the same person’s'

export class RelatedSearch extends Look {
  /** How many records, samples and rows there are; nothing when there are none, or when it was cancelled. */
  async run(): Promise<ColumnCount[]> {
    let count = 0
    const ends: number[] = []
    await this.live((found) => {
      count += found.filter(({ isOpen }) => isOpen).length
    })
    await this.days((day) =>
      this.day(day, ({ alone, others, held, letters }) => {
        count += alone.length + others.length + held + letters
      }),
    )
    const samples = await this.parts.reader.subjects.samples(this.pass.meant)
    count += samples.going.length + samples.held
    if (samples.lastDay !== undefined) ends.push(samples.lastDay)
    await this.tables(async (_, found) => {
      count += found.length
    })
    if (count === 0 || this.isCancelled) return []
    return [{ place: 'found also by tag', count, excepted: count, why: WHY + endOf(ends), cause: 'kept' }]
  }
}

function endOf(ends: readonly number[]): string {
  if (ends.length === 0) return ''
  return `; the last sealed sample among it is destroyed by ${new Date(Math.max(...ends)).toISOString().slice(0, 10)}`
}
