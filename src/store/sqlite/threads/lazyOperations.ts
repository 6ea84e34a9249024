/** What the writer is asked and nobody waits for. */

import type { OperationName } from '../thread/remote.ts'
import type { WriterSubjects } from './writerSubjects.ts'

const names: readonly OperationName<WriterSubjects>[] = [
  'queue.recordResult',
  'days.archived',
  'directory.saveThrottle',
  'users.sawSession',
  'users.usedToken',
]

/**
 * Operations that nobody's 250 waits for. They cross and are written together with the next call that somebody does
 * wait for; alone, they go after a moment and without an fsync of their own.
 */
export const lazyOperations: ReadonlySet<string> = new Set(names)
