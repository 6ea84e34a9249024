/** Counts happenings per second over the last ten seconds. */

const SECONDS = 10

export class Rate {
  private readonly counts = new Array<number>(SECONDS).fill(0)
  private second = 0

  /** Counts happenings at `now` (milliseconds, any clock that only grows). */
  add(count: number, now: number): void {
    this.advance(now)
    this.counts[this.second % SECONDS]! += count
  }

  /** Happenings per second. */
  perSecond(now: number): number {
    this.advance(now)
    return this.counts.reduce((sum, count) => sum + count, 0) / SECONDS
  }

  private advance(now: number): void {
    const second = Math.floor(now / 1000)
    const passed = Math.min(SECONDS, second - this.second)
    for (let i = 1; i <= passed; i++) this.counts[(second - passed + i) % SECONDS] = 0
    this.second = Math.max(second, this.second)
  }
}
