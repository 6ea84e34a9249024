/** The account holder's panel: the own header log. Which account it is of is decided here, never by the caller. */

import { parseId } from '../../model/id.ts'
import type { LogRow } from '../../store/store.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { notFound, refuseStrangeCursor } from './errors.ts'
import { messageFilter } from './filters.ts'
import { SEARCH_BUDGET } from './messages.ts'
import { customerOf } from './portal.ts'
import { detailView, summaryView } from './views.ts'

/**
 * A row as the account holder sees it. Of legal holds it is told by letter, or must not be told: a record that only a hold
 * keeps beyond its day is gone for it.
 */
function seenBy<T extends Pick<LogRow, 'account' | 'held' | 'keepUntil'>>(
  row: T,
  account: number,
  now: number,
): T | undefined {
  if (row.account !== account || (row.held && row.keepUntil <= now)) return undefined
  return { ...row, held: false }
}

export function portalMessageCalls(os: Guarded, parts: Parts) {
  const { log, directory } = parts.store

  return {
    messages: os.own.messages.handler(async ({ input, context }) => {
      const { account } = customerOf(parts, context.actor)
      refuseStrangeCursor(input.cursor, /^\d+$/)
      // last, so that it wins over whatever came with the filter
      const filter = { ...messageFilter(input.filter), account: account.name }
      const page = await log.search(filter, input.limit, input.cursor, SEARCH_BUDGET)
      const now = parts.clock.now()
      const rows = page.rows.flatMap((row) => seenBy(row, account.id, now) ?? [])
      const items = rows.map((row) => summaryView(row, directory))
      return { items, next: page.next ?? null, partial: page.partial, unreadable: page.unreadable }
    }),

    /** A message of another account is answered like one that does not exist. */
    message: os.own.message.handler(async ({ input, context }) => {
      const { account } = customerOf(parts, context.actor)
      const id = parseId(input.id)
      const found = id === undefined ? undefined : await log.get(id)
      const detail = found && seenBy(found, account.id, parts.clock.now())
      if (!detail) throw notFound(`message ${input.id}`, 'its 70 days may be over')
      return detailView(detail, directory)
    }),
  }
}
