/** Work on days and on what is in them, piece by piece. */

import { timeOfId } from '../../../model/id.ts'
import { dayOf } from '../../../model/retention.ts'
import { isUnreadable } from '../thread/connection.ts'

/** A part of a day that has to go. */
export interface DuePart {
  day: string
  headers: number
  samples: number
}

/** Calls for slice after slice, until there is none. */
export async function slices<T extends { next: number | undefined }>(
  call: (after: number) => Promise<T>,
  take: (slice: T) => void | Promise<void>,
): Promise<void> {
  for (let after: number | undefined = -1; after !== undefined; ) {
    const slice: T = await call(after)
    await take(slice)
    after = slice.next
  }
}

/** Works on one day after the other. Returns those whose files cannot be read: the others must not wait for them. */
export async function eachReadable<T extends { day: string }>(
  days: readonly T[],
  work: (day: T) => Promise<void>,
): Promise<string[]> {
  const unreadable: string[] = []
  for (const one of days) {
    try {
      await work(one)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      unreadable.push(one.day)
    }
  }
  return unreadable
}

/** Counts records and samples by the day of their acceptance, oldest first. */
export function byDay(records: readonly number[], samples: readonly number[]): DuePart[] {
  const found = new Map<string, DuePart>()
  const of = (id: number): DuePart => {
    const day = dayOf(timeOfId(id))
    const part = found.get(day) ?? { day, headers: 0, samples: 0 }
    found.set(day, part)
    return part
  }
  for (const id of records) of(id).headers += 1
  for (const id of samples) of(id).samples += 1
  return [...found.values()]
}
