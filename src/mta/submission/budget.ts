/** A fixed number of octets that all messages being received share, so that clients cannot fill the memory. */
export class ByteBudget {
  /** octets that are free */
  left: number

  /** @param octets for all sessions together */
  constructor(octets: number) {
    this.left = octets
  }

  /** Takes octets; false, and nothing taken, when that many are not left. */
  take(octets: number): boolean {
    if (octets > this.left) return false
    this.left -= octets
    return true
  }

  give(octets: number): void {
    this.left += octets
  }
}
