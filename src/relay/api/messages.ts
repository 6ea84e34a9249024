/** Calls about the header log. */

import { parseId } from '../../model/id.ts'
import { matches } from '../../model/match.ts'
import type { LogRow } from '../../store/store.ts'
import type { Guarded } from './base.ts'
import { audit, type Parts } from './context.ts'
import { notFound, refused, refuseStrangeCursor, unauthorized } from './errors.ts'
import { matchable, messageFilter } from './filters.ts'
import { sendTestMessage } from './testMessage.ts'
import { detailView, summaryView } from './views.ts'

/** How long one page may search, in milliseconds; a rare word over 70 days goes on from the cursor. */
export const SEARCH_BUDGET = 800

export function messageCalls(os: Guarded, parts: Parts) {
  const { log, directory } = parts.store

  return {
    list: os.messages.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^\d+$/)
      const page = await log.search(messageFilter(input.filter), input.limit, input.cursor, SEARCH_BUDGET)
      const items = page.rows.map((row) => summaryView(row, directory))
      return { items, next: page.next ?? null, partial: page.partial, unreadable: page.unreadable }
    }),

    get: os.messages.get.handler(async ({ input }) => {
      const id = parseId(input.id)
      const detail = id === undefined ? undefined : await log.get(id)
      if (!detail) throw notFound(`message ${input.id}`, 'its 70 days may be over')
      return detailView(detail, directory)
    }),

    tail: os.messages.tail.handler(async function* ({ input, context, signal }) {
      const filter = messageFilter(input.filter)
      const wanted = (row: LogRow) => matches(filter, matchable(row, directory))
      for await (const { rows, missed } of parts.changes.read(wanted, signal)) {
        if (!(await context.stillAllowed())) throw unauthorized()
        yield { items: rows.map((row) => summaryView(row, directory)), missed }
      }
    }),

    export: os.messages.export.handler(async ({ input, context }) => {
      const { filter, form } = input
      messageFilter(filter)
      const said = { action: 'messages.export', object: 'header log', details: { filter }, facts: { form } }
      await audit(parts, context.actor, said)
      return { recorded: true as const }
    }),

    sendTest: os.messages.sendTest.handler(async ({ input, context }) => {
      const sent = await sendTestMessage(input, parts.listeners())
      if (!sent.ok) throw refused(sent.problem, sent.change)
      await audit(parts, context.actor, { action: 'messages.sendTest', object: `message ${sent.id}` })
      return { id: sent.id, reply: sent.reply }
    }),
  }
}
