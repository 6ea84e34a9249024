/** How far carrying out requests is, and whether it is to stop. */

import type { Work } from '../../store/subjects.ts'

export interface Progress {
  /** How far a request is, where it is under way. */
  of(request: number): { done: number; total: number } | undefined
  /** What a long piece of work on a request tells how far it is, and asks whether to go on. */
  work(request: number): Work
  forget(request: number): void
  readonly isStopping: boolean
  stop(): void
}

export function createProgress(): Progress {
  const known = new Map<number, { done: number; total: number }>()
  let isStopping = false
  return {
    of: (request) => known.get(request),
    work: (request) => ({
      progress: (done, total) => void known.set(request, { done, total }),
      isCancelled: () => isStopping,
    }),
    forget: (request) => void known.delete(request),
    get isStopping() {
      return isStopping
    },
    stop() {
      isStopping = true
    },
  }
}
