/** Calls about packages that answer requests: review by a second person, hand-over, destruction. */

import type { ExportAct } from '../../privacy/exports/exports.ts'
import type { ExportRefusal } from '../../store/exports.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { type CallError, conflict, notFound, refused } from './errors.ts'
import { timeView } from './views.ts'

/** Why a package is not handed over, reviewed or destroyed, as a person is told. */
export function exportRefusal(refusal: ExportRefusal): CallError {
  switch (refusal) {
    case 'not found':
      return notFound('such package', 'look at the request')
    case 'gone':
      return notFound('such package any more', 'it was destroyed or has expired: carry the request out again')
    case 'not reviewed':
      return refused('a second person has to review this package first', 'ask somebody who did not build it')
    case 'reviewed':
      return conflict('this package was reviewed already', 'look at the request again')
    case 'own work':
      return refused('nobody reviews what they built', 'ask a second person')
    case 'nobody':
      return refused('a review needs a person', 'log in to the console')
  }
}

function done(act: ExportAct) {
  if (!act.ok) throw exportRefusal(act.refusal)
  return act.view
}

export function exportCalls(os: Guarded, { dataExports }: Pick<Parts, 'dataExports'>) {
  return {
    readExport: os.requests.readExport.handler(async ({ input, context }) => {
      const found = await dataExports.read(input.id, actorOf(context.actor))
      if (!found.ok) throw exportRefusal(found.refusal)
      const { html, records, shown } = found
      return { html, records, shown }
    }),

    reviewExport: os.requests.reviewExport.handler(async ({ input, context }) =>
      done(await dataExports.review(input.id, input.note, actorOf(context.actor))),
    ),

    handOver: os.requests.handOver.handler(async ({ input, context }) => {
      const handed = await dataExports.handOver(input.id, input.hours, actorOf(context.actor))
      if (!handed.ok) throw exportRefusal(handed.refusal)
      const { path, passphrase, expiresAt } = handed
      return { path, passphrase, expiresAt: timeView(expiresAt) }
    }),

    destroyExport: os.requests.destroyExport.handler(async ({ input, context }) =>
      done(await dataExports.destroy(input.id, actorOf(context.actor))),
    ),
  }
}
