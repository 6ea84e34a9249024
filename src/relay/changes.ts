/**
 * Tells live readers what changed. One look at the store serves all of them, at most four times a second, and only
 * while somebody reads: however fast mail flows, a reader costs the same. What does not fit is counted as missed.
 */

import type { MessageId } from '../model/id.ts'
import type { LogRow, Store } from '../store/store.ts'

/** Milliseconds between two batches: at most four a second. */
const INTERVAL = 250
/** Messages looked up for one batch; changes beyond are counted only. */
const BATCH = 500
/** Lines that wait for a slow reader. */
const WAITING = 1000

export interface Batch {
  rows: LogRow[]
  /** changes left out */
  missed: number
}

export interface Changes {
  /**
   * Batches of changed lines that `wanted` takes, until the signal aborts. The first one is empty and says that
   * nothing is lost from here on: who lists after it and reads on sees everything.
   */
  read(wanted: (row: LogRow) => boolean, signal: AbortSignal | undefined): AsyncGenerator<Batch, void>
  /** Ends every reader. */
  stop(): void
}

/** One reader: lines wait here, each message once, until the reader takes them. */
class Reader {
  private readonly waiting = new Map<MessageId, LogRow>()
  private missed = 0
  private wake: (() => void) | undefined
  private ended = false
  private readonly wanted: (row: LogRow) => boolean

  constructor(wanted: (row: LogRow) => boolean) {
    this.wanted = wanted
  }

  offer(rows: LogRow[], missed: number): void {
    this.missed += missed
    for (const row of rows) if (this.wanted(row)) this.put(row)
    if (this.waiting.size > 0 || this.missed > 0) this.wake?.()
  }

  private put(row: LogRow): void {
    if (this.waiting.size < WAITING || this.waiting.has(row.id)) this.waiting.set(row.id, row)
    else this.missed += 1
  }

  end(): void {
    this.ended = true
    this.wake?.()
  }

  /** The next batch; undefined when the reading has ended. */
  async next(): Promise<Batch | undefined> {
    while (!this.ended && this.waiting.size === 0 && this.missed === 0) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    if (this.ended) return undefined
    const batch = { rows: [...this.waiting.values()], missed: this.missed }
    this.waiting.clear()
    this.missed = 0
    return batch
  }
}

/** Watches the store's commits. */
export function watchChanges(store: Pick<Store, 'on' | 'log'>, onError: (fault: unknown) => void): Changes {
  const readers = new Set<Reader>()
  let changed = new Set<MessageId>()
  let overflow = 0
  let timer: NodeJS.Timeout | undefined

  async function tell(): Promise<void> {
    const ids = [...changed]
    const missed = overflow
    changed = new Set()
    overflow = 0
    const rows = await store.log.rows(ids)
    for (const reader of readers) reader.offer(rows, missed)
  }

  function schedule(): void {
    timer ??= setTimeout(() => {
      tell()
        .catch(onError)
        .finally(() => {
          timer = undefined
          if (changed.size > 0 || overflow > 0) schedule()
        })
    }, INTERVAL)
  }

  store.on('messages changed', (ids) => {
    if (readers.size === 0) return
    for (const id of ids) {
      if (changed.size < BATCH) changed.add(id)
      else if (!changed.has(id)) overflow += 1
    }
    schedule()
  })

  return {
    async *read(wanted, signal) {
      const reader = new Reader(wanted)
      const end = () => reader.end()
      signal?.addEventListener('abort', end)
      readers.add(reader)
      if (signal?.aborted) reader.end()
      try {
        yield { rows: [], missed: 0 }
        for (let batch = await reader.next(); batch; batch = await reader.next()) yield batch
      } finally {
        readers.delete(reader)
        signal?.removeEventListener('abort', end)
      }
    },
    stop() {
      clearTimeout(timer)
      timer = undefined
      for (const reader of readers) reader.end()
      readers.clear()
    },
  }
}
