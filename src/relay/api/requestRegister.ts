/** Calls about the register of requests: what is in it, what comes in, and how a request is understood. */

import { stepsOf } from '../../privacy/requests/steps.ts'
import type { Guarded } from './base.ts'
import { checkEmail } from './check.ts'
import type { Parts } from './context.ts'
import { refused, refuseStrangeCursor } from './errors.ts'
import { openRequest } from './openRequest.ts'
import { mustBe, requestLookup } from './requestLookup.ts'
import { requestDetailView, requestEventView, requestView } from './requestViews.ts'
import { accountNamed } from './views.ts'

export function requestRegisterCalls(os: Guarded, parts: Parts) {
  const { store, clock, requests: desk } = parts
  const { directory } = store
  const { searches } = desk
  const { byId, actOf, viewOf } = requestLookup(parts)

  return {
    list: os.requests.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^[01]\.-?\d{1,16}\.\d{1,16}$/)
      const { state, kind, track, limit, cursor } = input
      const account = input.account === undefined ? undefined : accountNamed(directory, input.account).id
      const page = await store.requests.list({ state, kind, track, account, limit, cursor })
      return { requests: page.requests.map((one) => requestView(one, directory)), next: page.next ?? null }
    }),

    get: os.requests.get.handler(async ({ input }) => {
      const record = await byId(input.id)
      const [dataExports, rows] = await Promise.all([
        desk.dataExports.list(record.id),
        store.log.rows(record.letters.flatMap(({ message }) => message ?? [])),
      ])
      const circumstances = { now: clock.now(), dataExports, searching: searches.current() }
      return requestDetailView(record, {
        directory,
        letters: rows,
        dataExports,
        steps: stepsOf(record, circumstances),
        searching: searches.of(record.id),
        progress: desk.executions.progressOf(record.id),
      })
    }),

    open: os.requests.open.handler(async ({ input, context }) => {
      const { kind, track, text, correction, suppress, source } = input
      const receivedAt = input.receivedAt === undefined ? clock.now() : Date.parse(input.receivedAt)
      if (receivedAt > clock.now()) throw refused('it cannot have been received in the future', 'give an earlier time')
      const subject = checkEmail(input.subject)
      if (!subject.ok) throw refused(subject.problem)
      const account = input.account === undefined ? undefined : accountNamed(directory, input.account).id
      if (track === 'third party' && account !== undefined)
        throw refused('a third party asks about everything', 'leave the account out, or choose the track account')
      if (track !== 'third party' && account === undefined)
        throw refused(`on the track ${track} the request is about an account`, 'give the account')
      const given = { kind, track, subject: subject.value, account, text, correction, suppress, receivedAt, source }
      const opened = await openRequest(parts, { ...given, parent: input.parent, identity: undefined }, context.actor)
      return viewOf(opened)
    }),

    change: os.requests.change.handler(async ({ input, context }) => {
      const { id, reason, account, track, ...change } = input
      const record = await byId(id)
      const accountId = account == null ? account : accountNamed(directory, account).id
      const next = { track: track ?? record.track, account: accountId === undefined ? record.account : accountId }
      if (next.track === 'third party' && next.account != null)
        throw refused('a third party asks about everything', 'take the account out')
      if (next.track !== 'third party' && next.account == null)
        throw refused(`on the track ${next.track} the request is about an account`, 'give the account')
      const owner =
        change.owner == null ? undefined : (await store.users.list()).find(({ email }) => email === change.owner)
      if (change.owner != null && owner?.role !== 'admin' && owner?.role !== 'reviewer')
        throw refused(`${change.owner} does not work at this desk`, 'choose a reviewer or an admin')
      mustBe(await store.requests.change(actOf(context.actor, id), { ...change, track, account: accountId }, reason))
      return viewOf(id)
    }),

    note: os.requests.note.handler(async ({ input, context }) => {
      await byId(input.id)
      return requestEventView(await store.requests.note(actOf(context.actor, input.id), input.text))
    }),
  }
}
