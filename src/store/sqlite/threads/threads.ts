/** The store's threads as the rest of the store calls them. */

import type { Remote } from '../thread/remote.ts'
import type { HistorySubjects } from './history.ts'
import type { ReaderSubjects } from './reader.ts'
import type { WriterSubjects } from './writerSubjects.ts'

export type Writer = Remote<WriterSubjects>
export type Reader = Remote<ReaderSubjects>
export type History = Remote<HistorySubjects>

/** All three. */
export interface Threads {
  writer: Writer
  reader: Reader
  history: History
}
