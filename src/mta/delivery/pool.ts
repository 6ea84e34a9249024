/** Connections kept between messages. */

import type { Session } from '../client/session.ts'
import { keyOf, type Target } from './target.ts'

export interface PoolOptions {
  /** how long a connection is kept unused, milliseconds */
  idleMs: number
  /** messages a connection carries at most */
  uses: number
  /** connections kept at most, over all hosts */
  size: number
}

export const defaultPool: PoolOptions = { idleMs: 5000, uses: 1000, size: 500 }

interface Idle {
  session: Session
  since: number
}

export class Pool {
  private options: PoolOptions
  private idle = new Map<string, Idle[]>()
  private count = 0
  private sweeper: NodeJS.Timeout | undefined
  private closed = false

  constructor(options: PoolOptions) {
    this.options = options
  }

  /** The connection to this target that was used last, if one is waiting. */
  take(target: Target): Session | undefined {
    const key = keyOf(target)
    const waiting = this.idle.get(key)
    const last = waiting?.pop()
    if (!last) return undefined
    if (waiting?.length === 0) this.idle.delete(key)
    this.count -= 1
    return last.session
  }

  /** Takes a session back, to keep it or to end it. */
  give(session: Session): void {
    if (this.closed || session.used >= this.options.uses || this.count >= this.options.size) {
      session.connection.quit()
      return
    }
    const key = keyOf(session.target)
    const entry = { session, since: performance.now() }
    const waiting = this.idle.get(key)
    if (waiting) waiting.push(entry)
    else this.idle.set(key, [entry])
    this.count += 1
    this.sweeper ??= setInterval(() => this.sweep(), Math.max(10, this.options.idleMs / 4)).unref()
    session.connection.rest(() => this.drop(key, session))
  }

  /** Ends every waiting connection, and from now on every one that is given back. */
  close(): void {
    this.closed = true
    for (const key of this.idle.keys()) this.trim(key, Number.POSITIVE_INFINITY)
    this.stopSweeping()
  }

  private drop(key: string, session: Session): void {
    const waiting = this.idle.get(key)
    const index = waiting?.findIndex((entry) => entry.session === session) ?? -1
    if (!waiting || index < 0) return
    waiting.splice(index, 1)
    if (waiting.length === 0) this.idle.delete(key)
    this.count -= 1
  }

  private sweep(): void {
    const before = performance.now() - this.options.idleMs
    for (const key of this.idle.keys()) this.trim(key, before)
    if (this.count === 0) this.stopSweeping()
  }

  /** Ends those of a key that have waited since before a time (milliseconds, monotonic). */
  private trim(key: string, before: number): void {
    const waiting = this.idle.get(key) ?? []
    const stay = waiting.filter((entry) => entry.since > before)
    const go = waiting.filter((entry) => entry.since <= before)
    if (stay.length > 0) this.idle.set(key, stay)
    else this.idle.delete(key)
    this.count -= go.length
    for (const { session } of go) session.connection.quit()
  }

  private stopSweeping(): void {
    clearInterval(this.sweeper)
    this.sweeper = undefined
  }
}
