/** Calls about legal demands: what was demanded, who approved it, what was handed over, who was told. */

import { createHash } from 'node:crypto'
import type { DisclosureView } from '../../contract/disclosures.ts'
import type { Disclosure, DisclosureAct, DisclosureResult } from '../../store/disclosures.ts'
import type { Directory } from '../../store/store.ts'
import type { Actor } from '../authorise.ts'
import { recordsIn } from '../disclosures/scope.ts'
import { tellAccounts } from '../disclosures/tell.ts'
import type { Guarded } from './base.ts'
import { actorOf } from './cases.ts'
import type { Parts } from './context.ts'
import { conflict, notFound, refused, refuseStrangeCursor } from './errors.ts'
import { scopeOf, scopeView } from './holds.ts'
import { detailView, timeOrNull, timeView } from './views.ts'

/** An export is handed out in one piece, so it has a limit. */
const MOST_RECORDS = 50_000

type Refusal = Extract<DisclosureResult, { ok: false }>['refusal']

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

function granted(result: DisclosureResult, id: number): Disclosure {
  if (!result.ok) throw refusalOf(result.refusal, id)
  return result.disclosure
}

function disclosureView(disclosure: Disclosure, directory: Directory): DisclosureView {
  const { id, authority, basis, scope, receivedAt, gagUntil, state, recordedBy, approved, hold, noticeAt } = disclosure
  const { export: made, noNoticeReason, note } = disclosure
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

export function disclosureCalls(os: Guarded, parts: Parts) {
  const { clock, store } = parts
  const { directory, disclosures } = store

  function actOf(actor: Actor, reason: string): DisclosureAct {
    return { actor: actorOf(actor), at: clock.now(), reason }
  }
  function view(result: DisclosureResult, id: number): DisclosureView {
    return disclosureView(granted(result, id), directory)
  }
  async function numbered(id: number): Promise<Disclosure> {
    const found = await disclosures.get(id)
    if (!found) throw refusalOf('not found', id)
    return found
  }

  /** The header records a demand covers: JSON Lines, oldest first. */
  async function contentOf({ scope }: Disclosure): Promise<{ records: number; content: string }> {
    const records = await recordsIn(store, scope, MOST_RECORDS)
    if (!records)
      throw refused(`the demand covers more than ${MOST_RECORDS} header records`, 'ask for a shorter period')
    const lines = records.map((record) => `${JSON.stringify(detailView(record, directory))}\n`)
    return { records: records.length, content: lines.join('') }
  }

  async function tell(id: number, actor: Actor, reason: string): Promise<DisclosureResult> {
    const demand = await numbered(id)
    const at = clock.now()
    if (demand.gagUntil !== undefined && at < demand.gagUntil) throw refusalOf('gag', id)
    if (demand.noticeAt !== undefined) throw refusalOf('told', id)
    if (demand.state === 'closed') throw refusalOf('wrong state', id)
    const { accounts, refused: left } = await tellAccounts(parts, demand)
    if (accounts === 0) throw refused('the demand covers mail of no account there is', 'record why nobody is told')
    if (left > 0) throw refused(`${left} of ${accounts} letters could not be stored`, 'try again later')
    return disclosures.told(id, actOf(actor, reason))
  }

  return {
    list: os.disclosures.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^\d{1,15}$/)
      const before = input.cursor === undefined ? undefined : Number(input.cursor)
      const found = await disclosures.list(input.limit, before)
      const last = found.at(-1)
      const next = found.length === input.limit && last ? String(last.id) : null
      return { disclosures: found.map((one) => disclosureView(one, directory)), next }
    }),

    record: os.disclosures.record.handler(async ({ input, context }) => {
      const { authority, basis, note, hold } = input
      const now = clock.now()
      const receivedAt = input.receivedAt === undefined ? now : Date.parse(input.receivedAt)
      if (receivedAt > now) throw refused('it cannot have arrived in the future', 'give the day it arrived')
      const gagUntil = input.gagUntil === undefined ? undefined : Date.parse(input.gagUntil)
      const scope = await scopeOf(input.scope, parts)
      const demand = { authority, basis, scope, receivedAt, gagUntil, note, hold }
      return disclosureView(await disclosures.record(demand, actOf(context.actor, basis)), directory)
    }),

    approve: os.disclosures.approve.handler(async ({ input: { id, reason }, context }) =>
      view(await disclosures.approve(id, actOf(context.actor, reason)), id),
    ),

    refuse: os.disclosures.refuse.handler(async ({ input: { id, reason }, context }) =>
      view(await disclosures.refuse(id, actOf(context.actor, reason)), id),
    ),

    export: os.disclosures.export.handler(async ({ input: { id }, context }) => {
      const demand = await numbered(id)
      if (demand.state !== 'approved' && demand.state !== 'exported') throw refusalOf('wrong state', id)
      const { records, content } = await contentOf(demand)
      const bytes = Buffer.byteLength(content)
      const sha256 = createHash('sha256').update(content).digest('hex')
      // it is written what is handed over before it is
      const disclosure = view(await disclosures.exported(id, { records, bytes, sha256 }, actOf(context.actor, '')), id)
      return { disclosure, name: `disclosure-${id}-${timeView(clock.now()).slice(0, 10)}.jsonl`, content }
    }),

    notice: os.disclosures.notice.handler(async ({ input: { id, tell: told, reason }, context }) => {
      if (told) return view(await tell(id, context.actor, reason), id)
      if (reason === '') throw refused('why is the account not told?', 'give the reason')
      return view(await disclosures.untold(id, actOf(context.actor, reason)), id)
    }),

    close: os.disclosures.close.handler(async ({ input: { id, reason }, context }) =>
      view(await disclosures.close(id, actOf(context.actor, reason)), id),
    ),
  }
}
