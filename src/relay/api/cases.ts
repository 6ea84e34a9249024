/** Calls about cases and what follows from them. */

import { caseSettings } from '../../abuse/cases/caseSettings.ts'
import { caseReasons, setCaseReasons } from '../../abuse/cases/reasons.ts'
import { errorFields } from '../../base/errorFields.ts'
import type { Account } from '../../model/account.ts'
import { isUnderReview, mayReview, needsSecondUser } from '../../model/case.ts'
import { subjectKey } from '../../mta/mailboxes/sameSubject.ts'
import { accountName } from '../../store/accountName.ts'
import type * as stored from '../../store/cases.ts'
import { type Actor, actorName } from '../auth/authorise.ts'
import type { Guarded } from './base.ts'
import { type ActionInput, actionProblem, canUndo, draftLetter, effectsOf, endTrust } from './caseActions.ts'
import { actionView, type Circumstances, caseView, detailView, eventView, openingView } from './caseViews.ts'
import { entryOf, type Parts } from './context.ts'
import { conflict, notFound, refused, refuseStrangeCursor } from './errors.ts'
import { accountNamed } from './views.ts'

/** The person who acts. The owner of the data folder is nobody's second person. */
export function actorOf(actor: Actor): stored.Actor {
  return { id: actor.kind === 'person' ? actor.person.id : 0, email: actorName(actor) }
}

export function caseCalls(os: Guarded, parts: Parts) {
  const { store, clock, engine, sealKey, log } = parts
  const { cases, directory, users, settings } = store

  async function byId(id: number): Promise<stored.CaseDetail> {
    const found = await cases.get(id, clock.now())
    if (!found) throw notFound(`case ${id}`, 'look at the list of cases')
    return found
  }

  /** A case that is still being worked on. */
  async function workedOn(id: number): Promise<stored.CaseDetail> {
    const found = await byId(id)
    if (!isUnderReview(found.status)) throw conflict(`case ${id} is ${found.status}`, 'open it again first')
    return found
  }

  async function viewOf(id: number) {
    return caseView(await byId(id), directory)
  }

  async function circumstances(actor: Actor): Promise<Circumstances> {
    const [policy, everybody, key] = await Promise.all([caseSettings(settings), users.list(), sealKey.view()])
    const reviewers = new Set(everybody.filter(({ role }) => mayReview(role)).map(({ email }) => subjectKey(email)))
      .size
    return {
      policy,
      now: clock.now(),
      secondPerson: needsSecondUser(policy, reviewers),
      hasSealKey: key.keys !== 'missing',
      passphrase: key.keys === 'passphrase',
      person: actor.kind === 'person' ? actor.person.id : undefined,
    }
  }

  function accountOf({ account }: stored.Case): Account {
    const found = directory.accountById(account)
    if (!found) throw notFound(`account #${account}`)
    return found
  }

  async function refuseUnknownReason(code: string): Promise<void> {
    const codes = (await caseReasons(settings)).map((reason) => reason.code)
    if (!codes.includes(code))
      throw refused(`${code} is no reason out of the terms`, `choose one of ${codes.join(', ')}`)
  }

  async function refuseUnknownOwner(email: string): Promise<void> {
    const owner = (await users.list()).find((person) => person.email === email)
    if (!owner || !mayReview(owner.role)) throw refused(`${email} is no reviewer`, 'choose a reviewer or an admin')
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
    desk: os.cases.desk.handler(async () => {
      const { active, unowned, openings } = await cases.desk(clock.now())
      const waiting = openings.map((opening) => ({
        ...openingView(opening),
        account: accountName(directory, opening.account),
        needsSecond: opening.needsSecond,
      }))
      return { active, unowned, openings: waiting }
    }),

    list: os.cases.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^[01]\.-?\d+$/)
      const filter = {
        ...(input.status === undefined ? {} : { status: input.status }),
        ...(input.account === undefined ? {} : { account: accountNamed(directory, input.account).id }),
      }
      const page = await cases.list(filter, input.limit, input.cursor, clock.now())
      return { cases: page.cases.map((one) => caseView(one, directory)), next: page.next ?? null }
    }),

    get: os.cases.get.handler(async ({ input, context }) =>
      detailView(await byId(input.id), directory, await circumstances(context.actor)),
    ),

    open: os.cases.open.handler(async ({ input, context }) => {
      const { reason, note, signals } = input
      await refuseUnknownReason(reason)
      const account = accountNamed(directory, input.account).id
      return viewOf(await cases.open({ account, reason, note, signals }, actorOf(context.actor), clock.now()))
    }),

    addSignals: os.cases.addSignals.handler(async ({ input, context }) => {
      await workedOn(input.id)
      await cases.addSignals(input.id, input.signals, actorOf(context.actor), clock.now())
      return viewOf(input.id)
    }),

    assign: os.cases.assign.handler(async ({ input, context }) => {
      await workedOn(input.id)
      await refuseUnknownOwner(input.owner)
      await cases.assign(input.id, input.owner, actorOf(context.actor), clock.now())
      return viewOf(input.id)
    }),

    note: os.cases.note.handler(async ({ input, context }) => {
      await byId(input.id)
      return eventView(await cases.note(input.id, input.text, actorOf(context.actor), clock.now()))
    }),

    decide: os.cases.decide.handler(async ({ input, context }) => {
      await workedOn(input.id)
      await cases.decide(input.id, input.verdict, input.note, actorOf(context.actor), clock.now())
      return viewOf(input.id)
    }),

    close: os.cases.close.handler(async ({ input, context }) => {
      const { status } = await byId(input.id)
      if (status !== 'decided') throw conflict(`case ${input.id} is ${status}`, 'give a verdict first')
      await cases.close(input.id, input.note, actorOf(context.actor), clock.now())
      return viewOf(input.id)
    }),

    reopen: os.cases.reopen.handler(async ({ input, context }) => {
      const { status } = await byId(input.id)
      if (isUnderReview(status)) throw conflict(`case ${input.id} is ${status}`)
      await cases.reopen(input.id, input.reason, actorOf(context.actor), clock.now())
      return viewOf(input.id)
    }),

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

    reasons: os.cases.reasons.handler(() => caseReasons(settings)),

    setReasons: os.cases.setReasons.handler(async ({ input, context }) => {
      const codes = input.reasons.map(({ code }) => code)
      if (new Set(codes).size < codes.length) throw refused('two reasons have the same code', 'give each its own')
      const said = { action: 'cases.setReasons', object: 'reasons of cases', reason: input.reason, details: { codes } }
      await setCaseReasons(settings, input.reasons, entryOf(parts, context.actor, said))
      return input.reasons
    }),
  }
}
