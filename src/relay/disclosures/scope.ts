/** What a legal demand covers: the header records there are of it, and whose they are. */

import type { MessageFilter } from '../../model/filter.ts'
import type { HoldScope } from '../../model/hold.ts'
import { formatId } from '../../model/id.ts'
import type { MessageDetail } from '../../model/message.ts'
import type { LogRow, Store } from '../../store/store.ts'
import { accountName, timeView } from '../api/views.ts'

const PAGE = 1000
/** How long one page may search, in milliseconds. */
const SEARCH_MS = 2000

type Needed = Pick<Store, 'log' | 'directory'>

function filterOf(scope: HoldScope, { directory }: Needed): MessageFilter {
  switch (scope.kind) {
    case 'account':
      return { account: accountName(directory, scope.account) }
    case 'address':
      return { text: scope.address }
    case 'period':
      // a filter has its last moment in it, a period has not
      return { since: scope.since, until: scope.until - 1 }
    case 'message':
      return { id: formatId(scope.message) }
  }
}

/** Rows of the header log a scope covers, newest first, page by page. */
async function* rowsIn(store: Needed, scope: HoldScope): AsyncGenerator<LogRow[], void> {
  const filter = filterOf(scope, store)
  let cursor: string | undefined
  do {
    const page = await store.log.search(filter, PAGE, cursor, SEARCH_MS)
    yield page.rows
    cursor = page.next
  } while (cursor !== undefined)
}

/** Header records a scope covers, oldest first; undefined when there are more than `most`. */
export async function recordsIn(store: Needed, scope: HoldScope, most: number): Promise<MessageDetail[] | undefined> {
  const ids: number[] = []
  for await (const rows of rowsIn(store, scope)) {
    for (const { id } of rows) ids.push(id)
    if (ids.length > most) return undefined
  }
  const records: MessageDetail[] = []
  for (const id of ids.reverse()) {
    const detail = await store.log.get(id)
    // gone in between
    if (detail) records.push(detail)
  }
  return records
}

/** Ids of the accounts whose records a scope covers. */
export async function accountsIn(store: Needed, scope: HoldScope): Promise<number[]> {
  if (scope.kind === 'account') return [scope.account]
  const found = new Set<number>()
  for await (const rows of rowsIn(store, scope)) for (const { account } of rows) found.add(account)
  return [...found].filter((id) => store.directory.accountById(id) !== undefined).sort((a, b) => a - b)
}

/** A scope in words. */
export function scopeWords(scope: HoldScope, { directory }: Pick<Store, 'directory'>): string {
  switch (scope.kind) {
    case 'account':
      return `everything of account ${accountName(directory, scope.account)}`
    case 'address':
      return `everything from or to ${scope.address}`
    case 'period':
      return `everything accepted from ${timeView(scope.since)} to ${timeView(scope.until)}`
    case 'message':
      return `message ${formatId(scope.message)}`
  }
}
