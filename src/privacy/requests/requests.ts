/** The request desk of the relay: what is done by hand, by itself, and how far it is. */

import type { ExportBuilder, RequestParts } from './context.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { createExecutions, type Executions } from './execution.ts'
import { createRequestJob, type RequestJob } from './requestJob.ts'
import { createSearches, type Searches } from './search.ts'
import { createPost, type Post } from './sendLetters.ts'

export interface RequestService {
  care: RequestJob
  drafts: Drafts
  executions: Pick<Executions, 'progressOf'>
  dataExports: Pick<ExportBuilder, 'list'>
  post: Pick<Post, 'sendOne'>
  searches: Searches
  stop(): Promise<void>
}

/** Builds the desk; nothing runs before its care is started. */
export function createRequestService(parts: RequestParts): RequestService {
  const post = createPost(parts)
  const drafts = createDrafts(parts)
  const executions = createExecutions(parts)
  const searches = createSearches(parts)
  const care = createRequestJob(parts, { post, drafts, executions })
  return {
    care,
    drafts,
    executions,
    dataExports: parts.dataExports,
    post,
    searches,
    async stop() {
      await searches.stop()
      await care.stop()
    },
  }
}
