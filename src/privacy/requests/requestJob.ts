/**
 * What happens to requests by itself: letters go out, what was begun is carried out to its end, an answer that has arrived
 * closes its request, an account's order is told to the person it is for, and the person is taken out of a request that
 * was about being forgotten. Everything is found in the store, so that a crash is made up for by the next look.
 */

import { createClosing } from './closing.ts'
import type { RequestParts } from './context.ts'
import type { Drafts } from './drafts.ts'
import type { Executions } from './execution.ts'
import { createForgetting } from './forgetting.ts'
import type { Post } from './sendLetters.ts'

const LOOK_MS = 60_000
/** How long what has to wait is left alone before it is tried again. */
const WAIT_MS = 10 * 60_000
const HOLD_MS = 3_600_000

export type RequestJob = ReturnType<typeof createRequestJob>

/** Builds the care of requests. */
export function createRequestJob(
  { store, clock, log }: Pick<RequestParts, 'store' | 'clock' | 'log'>,
  { post, drafts, executions }: { post: Post; drafts: Drafts; executions: Executions },
) {
  const { requests } = store
  const notBefore = new Map<number, number>()
  let timer: NodeJS.Timeout | undefined
  let quick: Promise<void> = Promise.resolve()
  let slow: Promise<void> = Promise.resolve()
  let isStopping = false
  const closing = createClosing({ store, clock }, drafts)
  const forgetting = createForgetting({ store, clock }, executions, () => isStopping)

  async function pollQuickly(): Promise<void> {
    const before = await post.sendAll()
    for (const { id, state } of await requests.underWay()) {
      if (isStopping || !['received', 'identified', 'answered'].includes(state)) continue
      const record = await requests.get(id)
      if (record) await closing.settle(record)
    }
    // what was sent may have arrived already
    if (before + (await post.sendAll()) > 0) wake()
  }

  async function pollSlowly(): Promise<void> {
    await forgetting.forgetOld()
    for (const request of await requests.underWay()) {
      const { id, state, hold, kind, erasedAt } = request
      if (isStopping) return
      if (hold !== undefined) await forgetting.liftOne(request)
      if ((notBefore.get(id) ?? 0) > clock.now()) continue
      if (state === 'executing') {
        const isFinished = await executions.run(request)
        if (!isFinished) notBefore.set(id, clock.now() + WAIT_MS)
      } else if (state === 'closed' && kind === 'deletion' && erasedAt === undefined && (await forgetting.end(id)))
        notBefore.set(id, clock.now() + HOLD_MS)
    }
  }

  function guarded(work: () => Promise<void>): () => Promise<void> {
    return async () => {
      if (isStopping) return
      try {
        await work()
      } catch (error) {
        if (!isStopping) log.error({ fault: (error as Error).message }, 'requests could not be looked after')
      }
    }
  }

  /** Looks now. What takes long goes on beside what does not. */
  function wake(): void {
    quick = quick.then(guarded(pollQuickly))
    slow = Promise.all([slow, quick]).then(guarded(pollSlowly))
  }

  store.on('messages changed', (ids) => {
    if (closing.isAwaiting(ids)) wake()
  })
  store.on('request received', wake)

  return {
    wake,
    /** A person wants it done now. */
    hurry(id: number): void {
      notBefore.delete(id)
      wake()
    },
    start(): void {
      wake()
      timer = setInterval(wake, LOOK_MS)
    },
    /** Resolves when everything that can be done now is done. */
    async settled(): Promise<void> {
      for (let before: Promise<void> | undefined; before !== slow; ) {
        before = slow
        await before
      }
    },
    async stop(): Promise<void> {
      isStopping = true
      clearInterval(timer)
      executions.stop()
      await Promise.all([quick, slow])
    },
  }
}
