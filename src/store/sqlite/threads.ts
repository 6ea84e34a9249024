/** The store's threads as the rest of the store calls them. */

import type { Remote } from './remote.ts'
import type { HistorySubjects } from './threads/history.ts'
import type { ReaderSubjects } from './threads/reader.ts'
import type { WriterSubjects } from './writer/subjects.ts'

export type Writer = Remote<WriterSubjects>
export type Reader = Remote<ReaderSubjects>
export type History = Remote<HistorySubjects>

/** All three. */
export interface Threads {
  writer: Writer
  reader: Reader
  history: History
}
