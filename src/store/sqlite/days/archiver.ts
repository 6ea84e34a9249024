/** Moves finished messages from live mail into their day, a batch at a time, behind the back of the hot path. */

import type { MessageId } from '../../../model/id.ts'
import { isFull } from '../thread/connection.ts'
import type { ArchiveResult } from '../threads/history.ts'
import type { History, Writer } from '../threads/threads.ts'

/** Messages moved in one transaction. */
const BATCH = 256
/** How long a finished message may wait for company, in milliseconds. */
const WAIT_MS = 250
/** How long a move rests that found no room on the disk, in milliseconds. */
const AGAIN_MS = 1000

export interface ArchiverClock {
  /** milliseconds, Unix time */
  now(): number
  /** see PolicyClock */
  destroyBy(): number
}

export class Archiver {
  private readonly writer: Writer
  private readonly history: History
  private finished: MessageId[] = []
  /** finished messages whose day cannot be read: they stay in live mail until it can, or until their time is up */
  private waiting: MessageId[] = []
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined
  private stopped = false
  /** whether the last move failed */
  private hasFailed = false
  /** what has days to itself, one after the other */
  private lone: Promise<unknown> | undefined
  private readonly onError: (fault: Error) => void
  private readonly clock: ArchiverClock

  constructor(writer: Writer, history: History, clock: ArchiverClock, onError: (fault: Error) => void) {
    this.writer = writer
    this.history = history
    this.clock = clock
    this.onError = onError
  }

  /** Takes note that messages are finished. */
  add(ids: readonly MessageId[]): void {
    for (const id of ids) this.finished.push(id)
    if (this.running || this.lone || this.stopped) return
    if (this.finished.length >= BATCH) this.start()
    else if (this.finished.length > 0) this.timer ??= setTimeout(() => this.start(), WAIT_MS)
  }

  /** Waits until everything added so far has been moved, or cannot be. */
  async drain(): Promise<void> {
    while (this.running || this.lone || this.finished.length > 0) {
      if (!this.running && !this.lone) this.start()
      await (this.lone ?? this.running)
      if (this.hasFailed) return
    }
  }

  /** Runs what destroys days or writes their files anew, while nothing moves into them; one after the other. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.lone ?? this.running
    const mine = Promise.resolve(before)
      .catch(() => undefined)
      .then(work)
    const settled = mine
      .catch(() => undefined)
      .then(() => {
        if (this.lone !== settled) return
        this.lone = undefined
        this.add(this.waiting.splice(0))
      })
    this.lone = settled
    return mine
  }

  async stop(): Promise<void> {
    await this.drain()
    this.stopped = true
    if (this.timer) clearTimeout(this.timer)
  }

  private start(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = undefined
    if (this.running || this.lone) return
    this.running = this.run().then(
      () => this.ended(),
      (error: Error) => this.failed(error),
    )
  }

  private ended(): void {
    this.running = undefined
    this.hasFailed = false
    this.add([])
  }

  /** Without room on the disk it is tried again after a while: everything stays in live mail until then. */
  private failed(error: Error): void {
    this.running = undefined
    this.hasFailed = true
    if (!isFull(error)) {
      this.finished = []
      this.onError(error)
    } else if (!this.stopped) this.timer = setTimeout(() => this.start(), AGAIN_MS)
  }

  private async run(): Promise<void> {
    while (this.finished.length > 0 && !this.lone) {
      const ids = this.finished.splice(0, BATCH)
      try {
        await this.move(ids)
      } catch (error) {
        for (const id of ids) this.finished.push(id)
        throw error
      }
      if (this.finished.length < BATCH) return
    }
  }

  private async move(ids: MessageId[]): Promise<void> {
    const result = await this.history.days.archive(ids, this.clock.destroyBy())
    if (result.kind === 'archived') {
      await this.drop(result)
      await this.writer.days.archived(result.days)
      for (const id of result.waiting) this.waiting.push(id)
      return
    }
    for (const day of result.days) await this.writer.days.key(day)
    await this.move(ids)
  }

  /** What came too late for its day goes, unless a hold was placed meanwhile: then it is looked at again. */
  private async drop({ dropped, holds }: Extract<ArchiveResult, { kind: 'archived' }>): Promise<void> {
    if (dropped.length === 0) return
    const isGone = await this.writer.retention.drop(dropped, this.clock.now(), holds)
    if (!isGone) for (const { ids } of dropped) for (const id of ids) this.finished.push(id)
  }
}
