/** Calls about signals: what was found, and what a person reports. */

import type { SignalView } from '../../contract/signals.ts'
import { isUnderReview } from '../../model/case.ts'
import { formatId, parseId } from '../../model/id.ts'
import { factWeights } from '../../model/signal.ts'
import { accountName } from '../../store/accountName.ts'
import type { NewSignal, Signal } from '../../store/signals.ts'
import type { Directory } from '../../store/store.ts'
import type { Act } from '../../store/trust.ts'
import { type Actor, actorName } from '../auth/authorise.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { conflict, notFound, refused, refuseStrangeCursor } from './errors.ts'
import { accountNamed, timeView } from './views.ts'

function signalView(signal: Signal, directory: Directory): SignalView {
  const { id, account, kind, at, weight, summary, messages, source, times } = signal
  return {
    id,
    account: account === undefined ? null : accountName(directory, account),
    kind,
    at: timeView(at),
    weight,
    summary,
    messages: messages.map(formatId),
    source,
    times,
    case: signal.case ?? null,
    dismissed: signal.dismissed,
  }
}

export function signalCalls(os: Guarded, parts: Parts) {
  const { store, clock, engine } = parts
  const { cases, directory, signals } = store

  async function found(id: number): Promise<SignalView> {
    const signal = await signals.get(id)
    if (!signal) throw notFound(`signal ${id}`, 'signals are kept 70 days: look at the list')
    return signalView(signal, directory)
  }

  function act(actor: Actor, reason = ''): Act {
    return { actor: actorName(actor), at: clock.now(), reason }
  }

  /** A signal joins a case of its own account that is being worked on. */
  async function refuseStrangeCase(id: number, account: number): Promise<void> {
    const file = await cases.get(id, clock.now())
    if (!file) throw notFound(`case ${id}`, 'look at the list of cases')
    if (file.account !== account) throw refused(`case ${id} is about another account`, 'choose a case of this account')
    if (!isUnderReview(file.status)) throw conflict(`case ${id} is ${file.status}`, 'open it again first')
  }

  /** The message a report names: one of the account. */
  async function messageOf(account: number, text: string | undefined): Promise<number[]> {
    if (text === undefined) return []
    const id = parseId(text)
    const [row] = id === undefined ? [] : await store.log.rows([id])
    if (!row) throw notFound(`message ${text}`, 'its 70 days may be over: report without it')
    if (row.account !== account)
      throw refused(`message ${text} is not of this account`, 'give a message of this account')
    return [row.id]
  }

  return {
    list: os.signals.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^\d+$/)
      const { unmatched, kind, unassigned, case: file, limit } = input
      const account = input.account === undefined ? undefined : accountNamed(directory, input.account).id
      const since = input.since === undefined ? undefined : Date.parse(input.since)
      const before = input.cursor === undefined ? undefined : Number(input.cursor)
      const page = await signals.list({ account, unmatched, kind, since, unassigned, case: file, before, limit })
      return {
        signals: page.signals.map((signal) => signalView(signal, directory)),
        next: page.next === undefined ? null : String(page.next),
      }
    }),

    get: os.signals.get.handler(({ input }) => found(input.id)),

    report: os.signals.report.handler(async ({ input, context }) => {
      const account = accountNamed(directory, input.account)
      if (/\S@\S/.test(input.note)) throw refused('a report holds no addresses', "give the message's id instead")
      const at = clock.now()
      const actor = actorName(context.actor)
      const signal: NewSignal = {
        account: account.id,
        kind: 'report',
        at,
        weight: factWeights.report,
        summary: input.note,
        messages: await messageOf(account.id, input.message),
        source: actor,
        // each is a fact of its own
        fact: `report ${at} ${actor}`,
        value: undefined,
      }
      return found(await signals.report(signal, { actor, at, reason: input.note }))
    }),

    assign: os.signals.assign.handler(async ({ input, context }) => {
      const signal = await found(input.id)
      const account = accountNamed(directory, input.account)
      if (input.case !== undefined) await refuseStrangeCase(input.case, account.id)
      if (!(await signals.assign(input.id, account.id, act(context.actor))))
        throw conflict(`signal ${input.id} is ${signal.dismissed ? 'dismissed' : `of account ${signal.account}`}`)
      if (signal.kind === 'complaint') await engine.pollTrust()
      if (input.case !== undefined) await cases.addSignals(input.case, [input.id], actorOf(context.actor), clock.now())
      return found(input.id)
    }),

    dismiss: os.signals.dismiss.handler(async ({ input, context }) => {
      const signal = await found(input.id)
      if (!(await signals.dismiss(input.id, act(context.actor, input.reason))))
        throw signal.dismissed
          ? conflict(`signal ${input.id} is dismissed already`)
          : conflict(`signal ${input.id} is evidence in case ${signal.case}`, 'give the verdict on that case')
      return found(input.id)
    }),
  }
}
