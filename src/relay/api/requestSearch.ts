/** Calls that find what is held of the person, and what carrying out would do to it. */

import { previewOf } from '../../privacy/requests/preview.ts'
import { stepsOf } from '../../privacy/requests/steps.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { conflict } from './errors.ts'
import { requestLookup, without } from './requestLookup.ts'
import { placeView, searchView } from './requestViews.ts'
import { timeView } from './views.ts'

export function requestSearchCalls(os: Guarded, parts: Parts) {
  const { store, clock, requests: desk } = parts
  const { directory } = store
  const { searches } = desk
  const { byId, viewOf, draftView } = requestLookup(parts)

  return {
    search: os.requests.search.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      without(stepsOf(record, { now: clock.now(), dataExports: [], searching: searches.current() })[1]!.obstacle)
      if (record.erasedAt !== undefined) throw conflict('the person was taken out of this request')
      return searchView(searches.start(record, actorOf(context.actor)), directory)
    }),

    cancelSearch: os.requests.cancelSearch.handler(async ({ input }) => {
      await byId(input.id)
      await searches.cancel(input.id)
      return viewOf(input.id)
    }),

    preview: os.requests.preview.handler(async ({ input }) => {
      const record = await byId(input.id)
      const { effects, places, backups, answer } = await previewOf(parts, record)
      return {
        effects,
        places: places.map(placeView),
        backups: backups.map(({ folder, destroyBy }) => ({ folder, destroyBy: timeView(destroyBy) })),
        answer: answer ? draftView(record, answer) : null,
      }
    }),
  }
}
