/** Calls that decide a request, carry it out and answer it. What may be done is decided in the store. */

import { firstExecution } from '../../privacy/requests/firstExecution.ts'
import { answerObstacle, decisionObstacle } from '../../privacy/requests/steps.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { conflict, refused } from './errors.ts'
import { mustBe, requestLookup, without, written } from './requestLookup.ts'
import { requestView } from './requestViews.ts'

export function requestDecisionCalls(os: Guarded, parts: Parts) {
  const { store, clock, requests: desk } = parts
  const { directory } = store
  const { drafts, care } = desk
  const { byId, actOf, viewOf, step, letters, draftView } = requestLookup(parts)

  return {
    extend: os.requests.extend.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      const [letter] = letters(record, 'extension', drafts.extension(record, input.reason))
      if (!letter) throw conflict('there is nobody to tell: the account is gone')
      mustBe(await store.requests.extend(actOf(context.actor, record.id), letter, input.reason))
      return viewOf(record.id)
    }),

    refuse: os.requests.refuse.handler(async ({ input, context }) => {
      const { id, ground, reason, letter } = input
      const record = await byId(id)
      if (ground === 'hold' && (await drafts.gags(record)).length > 0)
        throw refused(
          'the letter would tell of a legal demand nobody may be told of yet',
          'carry the request out: what is held stays, and the answer says nothing of it',
        )
      return step(context.actor, id, {
        move: 'refuse',
        outcome: 'refused',
        ground,
        letters: letters(record, 'refusal', written(drafts.refusal(record, ground, reason), letter)),
        text: `${ground}: ${reason}`,
        reason,
      })
    }),

    decide: os.requests.decide.handler(async ({ input, context }) => {
      without(decisionObstacle(await byId(input.id)))
      const { id, note } = input
      return step(context.actor, id, { move: 'decide', letters: [], text: note || 'to carry it out', reason: note })
    }),

    execute: os.requests.execute.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      const execution = firstExecution(actorOf(context.actor), clock.now())
      const begun = { move: 'execute', text: 'begun', reason: '', execution } as const
      const given = { ...begun, letters: drafts.beforehand(record) }
      mustBe(await store.requests.step(actOf(context.actor, input.id), given))
      care.hurry(input.id)
      return requestView(await byId(input.id), directory)
    }),

    previewAnswer: os.requests.previewAnswer.handler(async ({ input }) => {
      const record = await byId(input.id)
      return draftView(record, await drafts.answer(record))
    }),

    answer: os.requests.answer.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      without(answerObstacle(record, await desk.dataExports.list(record.id)))
      return step(context.actor, record.id, {
        move: 'answer',
        letters: letters(record, 'answer', written(await drafts.answer(record), input.letter)),
        text: 'the answer was sent',
        reason: '',
      })
    }),

    close: os.requests.close.handler(async ({ input, context }) => {
      const { id, outcome, reason } = input
      await byId(id)
      return step(context.actor, id, { move: 'close', outcome, letters: [], text: reason, reason })
    }),
  }
}
