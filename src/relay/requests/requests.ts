/** The request desk of the relay: what is done by hand, by itself, and how far it is. */

import { createCare, type RequestCare } from './care.ts'
import type { PackageBuilder, RequestParts } from './context.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { createExecutions, type Executions } from './execution.ts'
import { createPost, type Post } from './post.ts'
import { createSearches, type Searches } from './search.ts'

export interface RequestDesk {
  care: RequestCare
  drafts: Drafts
  executions: Pick<Executions, 'progressOf'>
  packages: Pick<PackageBuilder, 'list'>
  post: Pick<Post, 'sendOne'>
  searches: Searches
  stop(): Promise<void>
}

/** Builds the desk; nothing runs before its care is started. */
export function createRequestDesk(parts: RequestParts): RequestDesk {
  const post = createPost(parts)
  const drafts = createDrafts(parts)
  const executions = createExecutions(parts)
  const searches = createSearches(parts)
  const care = createCare(parts, { post, drafts, executions })
  return {
    care,
    drafts,
    executions,
    packages: parts.packages,
    post,
    searches,
    async stop() {
      await searches.stop()
      await care.stop()
    },
  }
}
