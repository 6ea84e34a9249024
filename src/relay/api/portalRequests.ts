/** The account holder's panel: own requests, and orders on behalf of third parties. */

import type { PortalRequest } from '../../contract/portal.ts'
import type { StoredRequestEvent, SubjectRequest } from '../../store/requests.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import { checkEmail } from './check.ts'
import type { Parts } from './context.ts'
import { conflict, notFound, refused } from './errors.ts'
import { isOf, ownRequests } from './ownRequests.ts'
import { actingCustomerOf, customerOf } from './portal.ts'
import { timeOrNull, timeView } from './views.ts'

/** How long a link to a package works: it is used at once. */
const LINK_HOURS = 24
/** What names nobody of the staff and nothing of their work; the other lines of a timeline stay in the house. */
const told: Readonly<Record<string, string>> = {
  received: 'Received',
  letter: 'A letter was sent',
  mail: 'A mail was added',
  extended: 'Extended once; a letter says why',
  decision: 'Decided',
  execution: 'Carried out',
  answered: 'Answered',
  refused: 'Refused; a letter says why',
  closed: 'Closed',
}

/** What the account holder may know of the timeline; of the same thing said twice in a row the later. */
function eventViews(events: readonly StoredRequestEvent[]): { at: string; text: string }[] {
  const lines = events.flatMap(({ at, kind }) => {
    const text = Object.hasOwn(told, kind) ? told[kind] : undefined
    return text === undefined ? [] : [{ at: timeView(at), text }]
  })
  return lines.filter(({ text }, index) => lines[index + 1]?.text !== text)
}

function requestView(request: SubjectRequest): PortalRequest {
  const { id, kind, track, subject, receivedAt, dueAt, extended, state, outcome, closedAt } = request
  return {
    id,
    kind,
    track,
    subject,
    receivedAt: timeView(receivedAt),
    dueAt: timeView(dueAt),
    extended,
    state,
    outcome: outcome ?? null,
    closedAt: timeOrNull(closedAt),
  }
}

export function portalRequestCalls(os: Guarded, parts: Parts) {
  const { clock, dataExports, store } = parts
  const { requests } = store
  const { all, own, refuseStrangeParent } = ownRequests(store)

  async function exportViews(id: number) {
    // who built and reviewed them stays in the house
    return (await dataExports.list(id)).map((one) => ({
      ...one,
      builtBy: '',
      reviewedBy: one.reviewedBy === null ? null : '',
    }))
  }

  return {
    requests: os.own.requests.handler(async ({ context }) =>
      (await all(customerOf(parts, context.actor).account)).map(requestView),
    ),

    request: os.own.request.handler(async ({ input, context }) => {
      const request = await own(input.id, customerOf(parts, context.actor).account)
      return {
        ...requestView(request),
        text: request.text,
        events: eventViews(request.events),
        receipts: request.receipts,
        dataExports: await exportViews(request.id),
      }
    }),

    /** Who is logged in as a member is the account: there is nothing more to confirm. */
    openRequest: os.own.openRequest.handler(async ({ input, context }) => {
      const { account } = actingCustomerOf(parts, context.actor)
      const { kind, subject, text, correction, suppress, parent } = input
      const address = subject === undefined ? undefined : checkEmail(subject)
      if (address && !address.ok) throw refused(address.problem)
      if (parent !== undefined) await refuseStrangeParent(parent, address?.value, account)
      const at = clock.now()
      const given = {
        kind,
        track: address ? ('account' as const) : ('holder' as const),
        subject: address?.value ?? account.contact,
        account: account.id,
        source: 'panel' as const,
        receivedAt: at,
        parent,
        text,
        correction,
        suppress,
        identity: 'logged in to the panel of the account',
        guess: undefined,
        acknowledgement: undefined,
        inbox: undefined,
      }
      const opened = await requests.open(given, actorOf(context.actor), at)
      if (opened.kind === 'gone') throw conflict('the request could not be opened', 'try again')
      return requestView(await own(opened.id, account))
    }),

    withdrawRequest: os.own.withdrawRequest.handler(async ({ input, context }) => {
      const { account } = actingCustomerOf(parts, context.actor)
      const { id, state } = await own(input.id, account)
      if (state !== 'received' && state !== 'identified')
        throw conflict(`request ${id} is ${state}`, 'it cannot be withdrawn any more')
      const act = { request: id, actor: actorOf(context.actor), at: clock.now() }
      const step = { move: 'close', outcome: 'withdrawn', text: 'withdrawn', reason: 'withdrawn' } as const
      const result = await requests.step(act, { ...step, letters: [] })
      if (!result.ok) throw conflict(result.obstacle, 'it cannot be withdrawn any more')
      return requestView(await own(id, account))
    }),

    takeExport: os.own.takeExport.handler(async ({ input, context }) => {
      const { account } = customerOf(parts, context.actor)
      const missing = () => notFound(`package ${input.id}`, 'look at the request it belongs to')
      const id = await dataExports.requestOf(input.id)
      const request = id === undefined ? undefined : await requests.get(id)
      if (!request || !isOf(request, account)) throw missing()
      const handed = await dataExports.handOver(input.id, LINK_HOURS, actorOf(context.actor))
      if (handed.ok) return { path: handed.path, passphrase: handed.passphrase, expiresAt: timeView(handed.expiresAt) }
      if (handed.refusal === 'not reviewed')
        throw refused('a second person looks through it first', 'you are told when it is ready')
      throw missing()
    }),
  }
}
