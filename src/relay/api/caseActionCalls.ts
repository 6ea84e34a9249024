/** Calls about what follows from a case: actions on the account, and their undoing. */

import { errorFields } from '../../base/errorFields.ts'
import type { Account } from '../../model/account.ts'
import type * as stored from '../../store/cases.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import { type ActionInput, actionProblem, canUndo, draftLetter, effectsOf, endTrust } from './caseActions.ts'
import { caseLookup } from './caseLookup.ts'
import { actionView } from './caseViews.ts'
import type { Parts } from './context.ts'
import { conflict, notFound, refused } from './errors.ts'

export function caseActionCalls(os: Guarded, parts: Parts) {
  const { store, clock, engine, log } = parts
  const { cases, directory } = store
  const { byId } = caseLookup(parts)

  function accountOf({ account }: stored.Case): Account {
    const found = directory.accountById(account)
    if (!found) throw notFound(`account #${account}`)
    return found
  }

  /** An action is in force once it is written down. What could not follow it now does so at the next start. */
  async function followed(action: number): Promise<void> {
    try {
      await engine.followAction(action)
    } catch (fault) {
      log.error({ ...errorFields(fault), action }, 'what follows an action could not be done')
    }
  }

  function refuseSenseless(account: Account, input: ActionInput): void {
    const problem = actionProblem(account, input)
    if (problem) throw conflict(problem)
  }

  return {
    previewAction: os.cases.previewAction.handler(async ({ input }) => {
      const found = await byId(input.id)
      const account = accountOf(found)
      const action: ActionInput = { kind: input.kind, perHour: input.perHour, reason: input.reason }
      refuseSenseless(account, action)
      const [effects, letter] = await Promise.all([
        effectsOf(parts, account, action),
        draftLetter(parts, account, found.reason, action),
      ])
      return { effects, letter }
    }),

    act: os.cases.act.handler(async ({ input, context }) => {
      const found = await byId(input.id)
      if (found.status === 'closed') throw conflict(`case ${input.id} is closed`, 'open it again first')
      const account = accountOf(found)
      const { kind, perHour, reason } = input
      refuseSenseless(account, { kind, perHour, reason })
      if (kind === 'warn' && !input.letter) throw refused('a warning is a letter', 'write the letter')
      const actor = actorOf(context.actor)
      const replyTo = context.actor.kind === 'person' ? actor.email : undefined
      // trust is a decision of its own, with its own entry
      if (kind === 'end trust') await endTrust(parts, account, { actor: actor.email, reason })
      const letter = input.letter && { ...input.letter, replyTo, message: undefined }
      const action = { case: found.id, kind, perHour, reason, by: actor.email, at: clock.now(), letter }
      const id = await cases.addAction(action, actor)
      await followed(id)
      return actionView((await cases.action(id))!)
    }),

    undo: os.cases.undo.handler(async ({ input, context }) => {
      const action = await cases.action(input.id)
      if (!action) throw notFound(`action ${input.id}`)
      if (action.undoneAt !== undefined) throw conflict(`action ${input.id} was undone already`)
      if (!canUndo(action.kind)) throw refused(`${action.kind} cannot be undone`, 'decide anew instead')
      const actor = actorOf(context.actor)
      await cases.undoAction(input.id, input.reason, actor, clock.now())
      await followed(input.id)
      return actionView((await cases.action(input.id))!)
    }),
  }
}
