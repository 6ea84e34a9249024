/** Samples as the store offers them: moved off the hot path, opened only with the seal key. */

import type { SampleStore } from '../../samples.ts'
import { openSample, unwrapDayKey } from '../../seal.ts'
import { isFull } from '../thread/connection.ts'
import type { History, Reader, Writer } from '../threads/threads.ts'

/** How long a sample may wait for company before it is moved into its day's file, in milliseconds. */
const WAIT_MS = 250
/** How long a move rests that found no room on the disk, in milliseconds. */
const AGAIN_MS = 1000

/**
 * Builds the part of the store that opens samples.
 * @param hideBy the moment by which samples whose time is over are not there any more, in milliseconds
 */
export function createSamples(reader: Reader, hideBy: () => number): SampleStore {
  return {
    async open(message, sealPrivateKey) {
      const found = await reader.samples.sealed(message, hideBy())
      if (!found) return undefined
      const dayKey = unwrapDayKey(sealPrivateKey, found.wrapped, found.day)
      try {
        return openSample(dayKey, message, found.day, found.sealed)
      } finally {
        dayKey.fill(0)
      }
    },
    list: (query) => reader.samples.list(query),
    findByAddress: (address) => reader.samples.byAddress(address),
  }
}

export interface SampleMoves {
  /** To be called when a sample was written. */
  wake(): void
  /** Runs what must not meet a move. */
  alone<T>(work: () => Promise<T>): Promise<T>
  /** Moves what waits, then rests. */
  stop(): Promise<void>
}

/** Moves sealed bytes from live mail into their day's file, behind the back of the hot path. */
export function startSampleMoves(writer: Writer, history: History, onError: (fault: Error) => void): SampleMoves {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let stopped = false

  async function move(): Promise<void> {
    for (;;) {
      const messages = await history.samples.move()
      if (messages.length === 0) return
      await writer.samples.moved(messages)
    }
  }
  function start(): void {
    timer = undefined
    running = running.then(move).catch((error: Error) => {
      if (!isFull(error)) onError(error)
      else if (!stopped) timer ??= setTimeout(start, AGAIN_MS)
    })
  }
  return {
    wake() {
      timer ??= setTimeout(start, WAIT_MS)
    },
    alone<T>(work: () => Promise<T>) {
      const mine = running.then(work)
      running = mine.then(
        () => undefined,
        () => undefined,
      )
      return mine
    },
    async stop() {
      stopped = true
      if (timer) clearTimeout(timer)
      start()
      await running
    },
  }
}
