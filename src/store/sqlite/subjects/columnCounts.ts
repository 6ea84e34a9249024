/** Counts what names a person, place by place, and what of it stays for now. */

import type { ColumnCount } from '../../subjects.ts'

export type StayCause = NonNullable<ColumnCount['cause']>

const reasons: Record<Exclude<StayCause, 'kept'>, string> = {
  hold: 'a legal hold keeps it',
  request: 'a request is not over',
  delivery: 'a delivery is not finished',
  damage: 'it cannot be read',
}
/** What is told first when there is more than one cause. */
const rank: readonly StayCause[] = ['hold', 'damage', 'delivery', 'request', 'kept']

interface Count {
  going: number
  stays: Map<StayCause, { count: number; why: Set<string> }>
}

export class Places {
  private readonly places = new Map<string, Count>()

  /** Counts what can go. */
  add(place: string, count = 1): void {
    if (count > 0) this.count(place).going += count
  }

  /** Counts what stays. */
  stay(place: string, cause: StayCause, why?: string, count = 1): void {
    if (count === 0) return
    const { stays } = this.count(place)
    const known = stays.get(cause) ?? { count: 0, why: new Set<string>() }
    known.count += count
    known.why.add(why ?? (cause === 'kept' ? '' : reasons[cause]))
    stays.set(cause, known)
  }

  /** Counts what has an end of its own. */
  dated(place: string, ends: readonly number[], why: (day: string) => string): void {
    if (ends.length > 0)
      this.stay(place, 'kept', why(new Date(Math.max(...ends)).toISOString().slice(0, 10)), ends.length)
  }

  /** Every place with something in it; of causes, the first decides. */
  list(): ColumnCount[] {
    return [...this.places].map(([place, { going, stays }]) => {
      const causes = rank.filter((cause) => stays.has(cause))
      const excepted = causes.reduce((sum, cause) => sum + stays.get(cause)!.count, 0)
      const why = causes.flatMap((cause) => [...stays.get(cause)!.why]).join('; ')
      const [cause] = causes
      return { place, count: going + excepted, excepted, why, ...(cause === undefined ? {} : { cause }) }
    })
  }

  private count(place: string): Count {
    const known = this.places.get(place) ?? { going: 0, stays: new Map() }
    this.places.set(place, known)
    return known
  }
}
