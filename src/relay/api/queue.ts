/** Calls about the queue: what is not yet final, and a person's orders on it. */

import { ageBands } from '../../contract/queue.ts'
import type { Guarded } from './base.ts'
import { audit, type Parts } from './context.ts'
import { refused, refuseStrangeCursor } from './errors.ts'
import { groupView, queueItemView } from './views.ts'

export function queueCalls(os: Guarded, parts: Parts) {
  const { store, engine, clock } = parts
  const { directory } = store

  return {
    summary: os.queue.summary.handler(async ({ input }) => {
      const now = clock.now()
      const rows = await store.queue.groups(input.by, now, ageBands)
      const groups = rows.map((row) => groupView(row, now))
      return { groups, total: rows.reduce((sum, row) => sum + row.total, 0) }
    }),

    list: os.queue.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^\d+\.\d+$/)
      const page = await store.queue.list(input.filter, input.limit, input.cursor)
      return { items: page.rows.map((row) => queueItemView(row, directory)), next: page.next ?? null }
    }),

    preview: os.queue.preview.handler(({ input }) => store.queue.preview(input.action, input.filter)),

    act: os.queue.act.handler(async ({ input, context }) => {
      const { action, filter } = input
      const reason = input.reason?.trim() ?? ''
      if (action === 'cancel' && reason === '')
        throw refused('cancelling needs a reason', 'say why these deliveries are given up')
      // an order is carried out in pieces: its entry goes first, so that a crash leaves no piece without one
      const expected = await store.queue.preview(action, filter)
      await audit(parts, context.actor, {
        action: `queue.${action}`,
        object: 'queue',
        reason,
        details: { filter, ...expected },
      })
      return engine.act(action, filter, reason)
    }),
  }
}
