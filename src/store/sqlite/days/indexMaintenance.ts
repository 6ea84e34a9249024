/** Tidies the search indexes of days that are over and computes their digests, a small step at a time, while nothing waits for it. */

import type { History, Writer } from '../threads/threads.ts'

/** How often to look whether something is to be tidied, and the pause between two steps, in milliseconds. */
const LOOK_MS = 10_000
const STEP_MS = 50

async function tidy(writer: Writer, history: History, now: number): Promise<boolean> {
  const { done, more } = await history.days.tidy(now)
  if (done) await writer.retention.keepDigest(done.day, done.digest, done.records)
  return more
}

/** Starts tidying. @returns a function that ends it and resolves when no step is under way */
export function startMaintenance(writer: Writer, history: History, now: () => number): () => Promise<void> {
  let timer: NodeJS.Timeout
  let stopped = false
  let step: Promise<void> = Promise.resolve()

  async function run(): Promise<void> {
    const more = await tidy(writer, history, now()).catch(() => false)
    if (!stopped) schedule(more ? STEP_MS : LOOK_MS)
  }
  function schedule(ms: number): void {
    timer = setTimeout(() => {
      step = run()
    }, ms).unref()
  }
  schedule(LOOK_MS)

  return async () => {
    stopped = true
    clearTimeout(timer)
    await step
  }
}
