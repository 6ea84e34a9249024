/** Steps at which a process is killed: calls of the store to its threads, by the name they cross under. */

import type { OperationName } from '../../src/store/sqlite/thread/remote.ts'
import type { HistorySubjects } from '../../src/store/sqlite/threads/history.ts'
import type { WriterSubjects } from '../../src/store/sqlite/threads/writerSubjects.ts'

export type Step = OperationName<WriterSubjects> | OperationName<HistorySubjects>
