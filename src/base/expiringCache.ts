/** Answers kept for a while. */

export class ExpiringCache<Value> {
  private entries = new Map<string, { value: Value; until: number }>()
  private lifeMs: number
  private size: number

  /** @param lifeMs how long an answer is good, milliseconds */
  constructor(lifeMs: number, size: number) {
    this.lifeMs = lifeMs
    this.size = size
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key)
    if (!entry) return undefined
    if (entry.until > performance.now()) return entry.value
    this.entries.delete(key)
    return undefined
  }

  /** Keeps an answer; the oldest one goes when there are too many. */
  set(key: string, value: Value): void {
    this.entries.delete(key)
    if (this.entries.size >= this.size)
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest)
        break
      }
    this.entries.set(key, { value, until: performance.now() + this.lifeMs })
  }

  delete(key: string): void {
    this.entries.delete(key)
  }
}
