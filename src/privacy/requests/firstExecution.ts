/** How carrying a request out begins. */

import type { Actor } from '../../store/cases.ts'
import type { Execution } from '../../store/requests.ts'
import { nothingDestroyed } from './drafts.ts'

export function firstExecution(by: Actor, startedAt: number): Execution {
  const work = { done: 0, total: 0, startedAt, endedAt: undefined, problem: '', by }
  return { state: 'running', ...work, destroyed: nothingDestroyed, waiting: [] }
}
