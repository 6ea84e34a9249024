/** What a legal demand covers: the header records there are of it, and whose they are. */

import type { MessageFilter } from '../../model/filter.ts'
import type { HoldScope } from '../../model/hold.ts'
import { formatId, type MessageId } from '../../model/id.ts'
import type { MessageDetail } from '../../model/message.ts'
import { accountName } from '../../store/accountName.ts'
import { dayUnreadable, type LogRow, type Store } from '../../store/store.ts'
import type { SubjectScope } from '../../store/subjects.ts'

const PAGE = 1000
/** How long one page may search, in milliseconds. */
const SEARCH_MS = 2000

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

type Needed = Pick<Store, 'log' | 'subjects'>

/** Records of an account, or that name an address in any of its forms, oldest first. */
async function* recordsOf({ subjects }: Needed, scope: SubjectScope): AsyncGenerator<MessageDetail[], void> {
  let after: MessageId | undefined = 0
  while (after !== undefined) {
    const page: Awaited<ReturnType<typeof subjects.records>> = await subjects.records(scope, after, PAGE)
    if (!page.isWhole) throw dayUnreadable('a day')
    yield page.records
    after = page.next
  }
}

/** Rows a filter finds, newest first. */
async function* rowsOf({ log }: Needed, filter: MessageFilter): AsyncGenerator<LogRow[], void> {
  let cursor: string | undefined
  do {
    const page = await log.search(filter, PAGE, cursor, SEARCH_MS)
    // an answer to a demand is whole, or there is none
    const [day] = page.unreadable
    if (day !== undefined) throw dayUnreadable(day)
    yield page.rows
    cursor = page.next
  } while (cursor !== undefined)
}

type Found = Extract<HoldScope, { kind: 'message' | 'period' }>

function filterOf(scope: Found): MessageFilter {
  if (scope.kind === 'message') return { id: formatId(scope.message) }
  // a filter has its last moment in it, a period has not
  return { since: scope.since, until: scope.until - 1 }
}

function subjectScope(scope: Exclude<HoldScope, Found>): SubjectScope {
  if (scope.kind === 'account') return { address: undefined, account: scope.account }
  return { address: scope.address, account: undefined }
}

/** Records a scope covers, page by page. */
async function* pagesIn(store: Needed, scope: HoldScope): AsyncGenerator<MessageDetail[], void> {
  if (scope.kind === 'account' || scope.kind === 'address') {
    yield* recordsOf(store, subjectScope(scope))
    return
  }
  for await (const rows of rowsOf(store, filterOf(scope))) {
    const details: MessageDetail[] = []
    for (const { id } of rows) {
      const detail = await store.log.get(id)
      // gone in between
      if (detail) details.push(detail)
    }
    yield details
  }
}

/** Header records a scope covers, oldest first; undefined when there are more than `most`. */
export async function recordsIn(store: Needed, scope: HoldScope, most: number): Promise<MessageDetail[] | undefined> {
  const records: MessageDetail[] = []
  for await (const page of pagesIn(store, scope)) {
    for (const record of page) records.push(record)
    if (records.length > most) return undefined
  }
  return records.sort((a, b) => a.id - b.id)
}

/** Ids of the accounts whose records a scope covers. */
export async function accountsIn(store: Needed & Pick<Store, 'directory'>, scope: HoldScope): Promise<number[]> {
  const accounts = new Set<number>()
  const add = (found: readonly { account: number }[]) => {
    for (const { account } of found) accounts.add(account)
  }
  if (scope.kind === 'account') accounts.add(scope.account)
  else if (scope.kind === 'address') for await (const page of recordsOf(store, subjectScope(scope))) add(page)
  else for await (const rows of rowsOf(store, filterOf(scope))) add(rows)
  return [...accounts].filter((id) => store.directory.accountById(id) !== undefined).sort((a, b) => a - b)
}

/** A scope in words. */
export function scopeWords(scope: HoldScope, { directory }: Pick<Store, 'directory'>): string {
  switch (scope.kind) {
    case 'account':
      return `everything of account ${accountName(directory, scope.account)}`
    case 'address':
      return `everything from or to ${scope.address}`
    case 'period':
      return `everything accepted from ${isoTime(scope.since)} to ${isoTime(scope.until)}`
    case 'message':
      return `message ${formatId(scope.message)}`
  }
}
