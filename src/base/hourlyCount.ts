/** Messages of each credential, or of each account, in the last sixty minutes, counted by the minute. In memory: a restart begins anew. */

/** What may send only so many messages an hour: a credential, or a whole account. */
interface Limited {
  id: number
  hourlyLimit: number | undefined
}

const MINUTE = 60_000
const MINUTES = 60

interface Count {
  /** messages in each of the last minutes, by minute modulo 60 */
  minutes: Uint32Array
  /** the last minute that was counted in, of Unix time */
  last: number
  total: number
}

export class HourlyCount {
  private readonly counts = new Map<number, Count>()

  /** When it may send again, milliseconds of Unix time; undefined when it may now. */
  blockedUntil({ id, hourlyLimit }: Limited, now: number): number | undefined {
    if (hourlyLimit === undefined) return undefined
    const count = this.counts.get(id)
    if (count) this.advance(count, now)
    if ((count?.total ?? 0) < hourlyLimit) return undefined
    return this.roomAt(count, hourlyLimit, now)
  }

  /** Counts a message. */
  add({ id, hourlyLimit }: Limited, now: number): void {
    if (hourlyLimit === undefined) return
    let count = this.counts.get(id)
    if (!count) {
      count = { minutes: new Uint32Array(MINUTES), last: Math.floor(now / MINUTE), total: 0 }
      this.counts.set(id, count)
    }
    this.advance(count, now)
    count.minutes[count.last % MINUTES]!++
    count.total++
  }

  /** Takes one back that was not accepted after all. */
  remove({ id, hourlyLimit }: Limited, now: number): void {
    const count = hourlyLimit === undefined ? undefined : this.counts.get(id)
    if (!count) return
    this.advance(count, now)
    for (let age = 0; age < MINUTES; age++) {
      const slot = (count.last - age + MINUTES) % MINUTES
      if (count.minutes[slot] === 0) continue
      count.minutes[slot]!--
      count.total--
      return
    }
  }

  /** Lets go of the minutes that are over. A clock that jumps back counts on in the last minute. */
  private advance(count: Count, now: number): void {
    const minute = Math.floor(now / MINUTE)
    const steps = Math.min(minute - count.last, MINUTES)
    for (let i = 1; i <= steps; i++) {
      const slot = (count.last + i) % MINUTES
      count.total -= count.minutes[slot]!
      count.minutes[slot] = 0
    }
    if (minute > count.last) count.last = minute
  }

  /** When enough of the oldest minutes are over. */
  private roomAt(count: Count | undefined, limit: number, now: number): number {
    if (!count || limit === 0) return now + MINUTES * MINUTE
    let left = count.total
    for (let age = MINUTES - 1; age >= 0; age--) {
      left -= count.minutes[(count.last - age + MINUTES) % MINUTES]!
      if (left < limit) return (count.last - age + MINUTES) * MINUTE
    }
    return now + MINUTES * MINUTE
  }
}
