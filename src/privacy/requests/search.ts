/** Searches over everything, one at a time; how far one is can be seen, and it can be stopped. */

import type { Actor } from '../../store/cases.ts'
import type { StoredSearch, SubjectRequest } from '../../store/requests.ts'
import type { SubjectSearch } from '../../store/subjects.ts'
import { type RequestParts, scopeOf } from './context.ts'

export type Searches = ReturnType<typeof createSearches>

const nothing: SubjectSearch = { places: [], accounts: [] }

/** Builds the searcher. What it found is kept with the request. */
export function createSearches({ store, clock, log }: Pick<RequestParts, 'store' | 'clock' | 'log'>) {
  let running: { request: number; state: StoredSearch; isCancelled: boolean } | undefined
  let ended: Promise<void> = Promise.resolve()

  async function run(request: SubjectRequest, actor: Actor, job: NonNullable<typeof running>): Promise<void> {
    const { state } = job
    const work = {
      progress(done: number, total: number) {
        Object.assign(state, { done, total })
      },
      isCancelled: () => job.isCancelled,
    }
    // it counts as running until what it found is kept
    let end: Partial<StoredSearch>
    try {
      const found = await store.subjects.search(scopeOf(request), work)
      end = found ? { ...found, state: 'done', done: state.total } : { ...nothing, state: 'cancelled' }
    } catch (error) {
      log.error({ request: request.id, fault: (error as Error).message }, 'a search failed')
      end = { state: 'failed', problem: 'The search failed: look into the log of the relay, and search again.' }
    }
    const at = clock.now()
    await store.requests.searched({ request: request.id, actor, at }, { ...state, ...end, endedAt: at })
    running = undefined
  }

  return {
    /** The search of a request that is under way. */
    of: (request: number): StoredSearch | undefined =>
      running?.request === request ? { ...running.state } : undefined,

    /** Which request is being searched for. */
    current: (): number | undefined => running?.request,

    start(request: SubjectRequest, actor: Actor): StoredSearch {
      const work = { done: 0, total: 0, startedAt: clock.now(), endedAt: undefined, problem: '' }
      const state: StoredSearch = { state: 'running', ...work, ...nothing }
      const job = { request: request.id, state, isCancelled: false }
      running = job
      ended = run(request, actor, job).catch((error: Error) => {
        running = undefined
        log.error({ request: request.id, fault: error.message }, 'what a search found could not be kept')
      })
      return { ...state }
    },

    /** Resolves when it has ended. */
    async cancel(request: number): Promise<void> {
      if (running?.request !== request) return
      running.isCancelled = true
      await ended
    },

    async stop(): Promise<void> {
      if (running) running.isCancelled = true
      await ended
    },
  }
}
