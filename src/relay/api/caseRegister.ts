/** Calls about cases, from opening one to closing it. */

import { caseSettings } from '../../abuse/cases/caseSettings.ts'
import { caseReasons } from '../../abuse/cases/reasons.ts'
import { findingKey } from '../../model/addressKey.ts'
import { isUnderReview, mayReview, needsSecondUser } from '../../model/case.ts'
import { accountName } from '../../store/accountName.ts'
import type { Actor } from '../auth/authorise.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import { caseLookup } from './caseLookup.ts'
import { type Circumstances, caseView, detailView, eventView, openingView } from './caseViews.ts'
import type { Parts } from './context.ts'
import { conflict, refused, refuseStrangeCursor } from './errors.ts'
import { accountNamed } from './views.ts'

/** What decides whether a sample of a case can be opened now, and by whom. */
async function circumstancesOf({ store, clock, sealKey }: Parts, actor: Actor): Promise<Circumstances> {
  const { users, settings } = store
  const [policy, everybody, key] = await Promise.all([caseSettings(settings), users.list(), sealKey.view()])
  const reviewers = new Set(everybody.filter(({ role }) => mayReview(role)).map(({ email }) => findingKey(email))).size
  return {
    policy,
    now: clock.now(),
    secondPerson: needsSecondUser(policy, reviewers),
    hasSealKey: key.keys !== 'missing',
    passphrase: key.keys === 'passphrase',
    person: actor.kind === 'person' ? actor.person.id : undefined,
  }
}

/** The calls of the list of cases, and those that bring one in. */
function listCalls(os: Guarded, parts: Parts) {
  const { store, clock } = parts
  const { cases, directory, settings } = store
  const { byId, viewOf } = caseLookup(parts)

  async function refuseUnknownReason(code: string): Promise<void> {
    const codes = (await caseReasons(settings)).map((reason) => reason.code)
    if (!codes.includes(code))
      throw refused(`${code} is no reason out of the terms`, `choose one of ${codes.join(', ')}`)
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
      detailView(await byId(input.id), directory, await circumstancesOf(parts, context.actor)),
    ),

    open: os.cases.open.handler(async ({ input, context }) => {
      const { reason, note, signals } = input
      await refuseUnknownReason(reason)
      const account = accountNamed(directory, input.account).id
      return viewOf(await cases.open({ account, reason, note, signals }, actorOf(context.actor), clock.now()))
    }),
  }
}

/** The calls that work on one case. */
function workCalls(os: Guarded, parts: Parts) {
  const { store, clock } = parts
  const { cases, users } = store
  const { byId, workedOn, viewOf } = caseLookup(parts)

  async function refuseUnknownOwner(email: string): Promise<void> {
    const owner = (await users.list()).find((person) => person.email === email)
    if (!owner || !mayReview(owner.role)) throw refused(`${email} is no reviewer`, 'choose a reviewer or an admin')
  }

  return {
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
  }
}

export function caseRegisterCalls(os: Guarded, parts: Parts) {
  return { ...listCalls(os, parts), ...workCalls(os, parts) }
}
