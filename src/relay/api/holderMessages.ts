/** The account holder's panel: the own header log. Which account it is of is decided here, never by the caller. */

import { parseId } from '../../model/id.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { notFound, refuseStrangeCursor } from './errors.ts'
import { messageFilter } from './filters.ts'
import { holderOf } from './holder.ts'
import { SEARCH_BUDGET } from './messages.ts'
import { detailView, summaryView } from './views.ts'

export function holderMessageCalls(os: Guarded, parts: Parts) {
  const { log, directory } = parts.store

  return {
    messages: os.own.messages.handler(async ({ input, context }) => {
      const { account } = holderOf(parts, context.actor)
      refuseStrangeCursor(input.cursor, /^\d+$/)
      // last, so that it wins over whatever came with the filter
      const filter = { ...messageFilter(input.filter), account: account.name }
      const page = await log.search(filter, input.limit, input.cursor, SEARCH_BUDGET)
      const rows = page.rows.filter((row) => row.account === account.id)
      return { items: rows.map((row) => summaryView(row, directory)), next: page.next ?? null, partial: page.partial }
    }),

    /** A message of another account is answered like one that does not exist. */
    message: os.own.message.handler(async ({ input, context }) => {
      const { account } = holderOf(parts, context.actor)
      const id = parseId(input.id)
      const detail = id === undefined ? undefined : await log.get(id)
      if (detail?.account !== account.id) throw notFound(`message ${input.id}`, 'its 70 days may be over')
      return detailView(detail, directory)
    }),
  }
}
