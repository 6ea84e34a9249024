/** What a run would destroy: days that are over without what holds keep of them, and what goes before or after its day. */

import type { RetainedDay } from '../../retention.ts'
import type { HeldRecords } from '../holds/heldRecords.ts'
import type { Reader } from '../threads/threads.ts'
import type { ShortenedRecords } from './shortenedRecords.ts'

interface PlanParts {
  reader: Reader
  held: HeldRecords
  shortened: ShortenedRecords
}

/** Of a day that stays, or of the hold: its files are written anew, so that no size can be told. */
function part(day: string, headers: number, samples: number, goesAt: number): RetainedDay {
  return { day, headers, samples, bytes: 0, oldestAt: undefined, youngestAt: undefined, goesAt, held: 0, live: 0 }
}

/**
 * What a run at a moment would destroy, oldest first. A hold counts as it is now.
 * @param days as if the policy said so many; undefined: as it says
 */
export async function planRun(
  { reader, held: holds, shortened }: PlanParts,
  at: number,
  days?: number,
): Promise<RetainedDay[]> {
  const over = await reader.retention.plan(at, days)
  const covered = await holds.countCovered(over.map(({ day }) => day))
  const going = await Promise.all(
    over.map(async (one) => {
      const held = covered.get(one.day) ?? 0
      const samples = one.samples === 0 ? 0 : one.samples - (await holds.countCoveredSamples(one.day))
      return { ...one, held, headers: Math.max(0, one.headers - held), samples }
    }),
  )
  const whole = new Set(over.filter(({ headers }) => headers > 0).map(({ day }) => day))
  const early = await shortened.due(at)
  const parts = [...early.filter(({ day }) => !whole.has(day)), ...(await holds.due())]
  const all = [...going, ...parts.map(({ day, headers, samples }) => part(day, headers, samples, at))]
  return all.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}
