/** Calls about legal demands: what was demanded, who approved it, what was handed over, who was told. */

import { createHash } from 'node:crypto'
import type { LegalRequestView } from '../../contract/legalRequests.ts'
import { tellAccounts } from '../../privacy/legalRequests/notify.ts'
import { recordsIn } from '../../privacy/legalRequests/scope.ts'
import type { LegalRequest, LegalRequestAct, LegalRequestResult } from '../../store/legalRequests.ts'
import type { Directory } from '../../store/store.ts'
import type { Actor } from '../auth/authorise.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { conflict, notFound, refused, refuseStrangeCursor } from './errors.ts'
import { scopeOf, scopeView } from './holds.ts'
import { detailView, timeOrNull, timeView } from './views.ts'

/** An export is handed out in one piece, so it has a limit. */
const MOST_RECORDS = 50_000

type Refusal = Extract<LegalRequestResult, { ok: false }>['refusal']

function refusalOf(refusal: Refusal, id: number) {
  switch (refusal) {
    case 'not found':
      return notFound(`legal demand ${id}`, 'look at the register')
    case 'wrong state':
      return conflict(`legal demand ${id} is not in a state for that`, 'look at the register: it may need approval')
    case 'same person':
      return refused('nobody approves what they recorded themselves', 'ask a second person')
    case 'no person':
      return refused('an approval needs a person', 'log in to the console')
    case 'gag':
      return refused('the account must not be told yet', 'wait until the gag has ended')
    case 'told':
      return conflict('the account was told already')
    case 'untold':
      return refused('it is not clear whether the account is told', 'tell it, or record why not')
  }
}

function granted(result: LegalRequestResult, id: number): LegalRequest {
  if (!result.ok) throw refusalOf(result.refusal, id)
  return result.legalRequest
}

function legalRequestView(legalRequest: LegalRequest, directory: Directory): LegalRequestView {
  const { id, authority, basis, scope, receivedAt, gagUntil, state, recordedBy, approved, hold, noticeAt } =
    legalRequest
  const { export: made, noNoticeReason, note } = legalRequest
  return {
    id,
    authority,
    basis,
    scope: scopeView(scope, directory),
    receivedAt: timeView(receivedAt),
    gagUntil: timeOrNull(gagUntil),
    state,
    recordedBy,
    approvedBy: approved?.by ?? null,
    approvedAt: timeOrNull(approved?.at),
    hold: hold ?? null,
    export: made ? { ...made, at: timeView(made.at) } : null,
    noticeAt: timeOrNull(noticeAt),
    noNoticeReason,
    note,
  }
}

export function legalRequestCalls(os: Guarded, parts: Parts) {
  const { clock, store } = parts
  const { directory, legalRequests } = store

  function actOf(actor: Actor, reason: string): LegalRequestAct {
    return { actor: actorOf(actor), at: clock.now(), reason }
  }
  function view(result: LegalRequestResult, id: number): LegalRequestView {
    return legalRequestView(granted(result, id), directory)
  }
  async function numbered(id: number): Promise<LegalRequest> {
    const found = await legalRequests.get(id)
    if (!found) throw refusalOf('not found', id)
    return found
  }

  /** The header records a demand covers: JSON Lines, oldest first. */
  async function contentOf({ scope }: LegalRequest): Promise<{ records: number; content: string }> {
    const records = await recordsIn(store, scope, MOST_RECORDS)
    if (!records)
      throw refused(`the demand covers more than ${MOST_RECORDS} header records`, 'ask for a shorter period')
    const lines = records.map((record) => `${JSON.stringify(detailView(record, directory))}\n`)
    return { records: records.length, content: lines.join('') }
  }

  async function tell(id: number, actor: Actor, reason: string): Promise<LegalRequestResult> {
    const demand = await numbered(id)
    const at = clock.now()
    if (demand.gagUntil !== undefined && at < demand.gagUntil) throw refusalOf('gag', id)
    if (demand.noticeAt !== undefined) throw refusalOf('told', id)
    if (demand.state === 'closed') throw refusalOf('wrong state', id)
    const { accounts, refused: left } = await tellAccounts(parts, demand)
    if (accounts === 0) throw refused('the demand covers mail of no account there is', 'record why nobody is told')
    if (left > 0) throw refused(`${left} of ${accounts} letters could not be stored`, 'try again later')
    return legalRequests.told(id, actOf(actor, reason))
  }

  return {
    list: os.legalRequests.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^\d{1,15}$/)
      const before = input.cursor === undefined ? undefined : Number(input.cursor)
      const found = await legalRequests.list(input.limit, before)
      const last = found.at(-1)
      const next = found.length === input.limit && last ? String(last.id) : null
      return { legalRequests: found.map((one) => legalRequestView(one, directory)), next }
    }),

    record: os.legalRequests.record.handler(async ({ input, context }) => {
      const { authority, basis, note, hold } = input
      const now = clock.now()
      const receivedAt = input.receivedAt === undefined ? now : Date.parse(input.receivedAt)
      if (receivedAt > now) throw refused('it cannot have arrived in the future', 'give the day it arrived')
      const gagUntil = input.gagUntil === undefined ? undefined : Date.parse(input.gagUntil)
      const scope = await scopeOf(input.scope, parts)
      const demand = { authority, basis, scope, receivedAt, gagUntil, note, hold }
      return legalRequestView(await legalRequests.record(demand, actOf(context.actor, basis)), directory)
    }),

    approve: os.legalRequests.approve.handler(async ({ input: { id, reason }, context }) =>
      view(await legalRequests.approve(id, actOf(context.actor, reason)), id),
    ),

    refuse: os.legalRequests.refuse.handler(async ({ input: { id, reason }, context }) =>
      view(await legalRequests.refuse(id, actOf(context.actor, reason)), id),
    ),

    export: os.legalRequests.export.handler(async ({ input: { id }, context }) => {
      const demand = await numbered(id)
      if (demand.state !== 'approved' && demand.state !== 'exported') throw refusalOf('wrong state', id)
      const { records, content } = await contentOf(demand)
      const bytes = Buffer.byteLength(content)
      const sha256 = createHash('sha256').update(content).digest('hex')
      // it is written what is handed over before it is
      const legalRequest = view(
        await legalRequests.exported(id, { records, bytes, sha256 }, actOf(context.actor, '')),
        id,
      )
      return { legalRequest, name: `disclosure-${id}-${timeView(clock.now()).slice(0, 10)}.jsonl`, content }
    }),

    notice: os.legalRequests.notice.handler(async ({ input: { id, tell: told, reason }, context }) => {
      if (told) return view(await tell(id, context.actor, reason), id)
      if (reason === '') throw refused('why is the account not told?', 'give the reason')
      return view(await legalRequests.untold(id, actOf(context.actor, reason)), id)
    }),

    close: os.legalRequests.close.handler(async ({ input: { id, reason }, context }) =>
      view(await legalRequests.close(id, actOf(context.actor, reason)), id),
    ),
  }
}
