/** Closes requests when their answer has arrived, and tells the person what came of the accounts' orders. */

import type { MessageId } from '../../model/id.ts'
import { type RequestOutcome, stageOf } from '../../model/request.ts'
import { GIVE_UP_AFTER } from '../../model/retry.ts'
import type { RequestRecord, SubjectRequest } from '../../store/requests.ts'
import { type RequestParts, relayItself } from './context.ts'
import type { Drafts } from './drafts.ts'

/** Letters that end a request. */
const answers: readonly string[] = ['answer', 'refusal', 'report', 'forwarding']

function isOver({ state }: SubjectRequest): boolean {
  return state === 'answered' || state === 'closed'
}

/** What the person is told came of several orders. Undefined where all were taken back: then nothing came of any. */
function together(orders: readonly SubjectRequest[]): RequestOutcome | undefined {
  const outcomes = orders.map(({ outcome }) => outcome)
  return (['done', 'nothing found', 'refused'] as const).find((one) => outcomes.includes(one))
}

export function createClosing({ store, clock }: Pick<RequestParts, 'store' | 'clock'>, drafts: Drafts) {
  const { requests } = store
  /** messages whose delivery is waited for */
  const awaited = new Set<MessageId>()

  function act(request: number) {
    return { request, actor: relayItself, at: clock.now() }
  }

  /** Whether the letter that ends a request has arrived, or nothing more can be done about it. */
  async function hasArrived({ letters }: RequestRecord): Promise<boolean> {
    const last = letters.findLast(({ kind, about }) => answers.includes(kind) && about === undefined)
    if (!last) return true
    if (last.message === undefined) return last.to === ''
    // before it is looked up: what happens in between wakes another look
    awaited.add(last.message)
    const [row] = await store.log.rows([last.message])
    const isFinal = !row || ['delivered', 'failed', 'expired', 'cancelled'].includes(row.status)
    if (!isFinal && clock.now() - last.at <= GIVE_UP_AFTER) return false
    awaited.delete(last.message)
    return true
  }

  /** Tells the person what came of the accounts' orders, once each account that was asked has been answered. */
  async function report(record: RequestRecord): Promise<boolean> {
    const { orders, letters, dueAt, id } = record
    const outcome = together(orders)
    if (outcome === undefined || !orders.every(isOver)) return false
    const asked = letters.flatMap(({ about }) => about ?? [])
    const isLate = clock.now() > dueAt
    if (!isLate && asked.some((account) => !orders.some((order) => order.account === account))) return false
    const letter = drafts.letter(record, 'report', drafts.report(record))
    const text = `the person is told what came of ${orders.length === 1 ? 'the order' : 'the orders'}`
    const step = { move: 'report', outcome, letters: letter ? [letter] : [], text, reason: '' } as const
    return (await requests.step(act(id), step)).ok
  }

  /** Closes the request, or takes the step before that, where nothing has to be waited for any more. */
  async function settle(record: RequestRecord): Promise<void> {
    const stage = stageOf(record)
    if (stage !== 'answered') {
      if (await report(record)) return
      // no account has an order within the time: the person was pointed to them
      if (stage !== 'forwarded' || record.orders.some((order) => !isOver(order)) || clock.now() <= record.dueAt) return
    }
    // what the person wrote since is read by somebody first
    if (record.wroteAgain || !(await hasArrived(record))) return
    const text = stage === 'forwarded' ? 'no account gave an order in time' : 'the answer has arrived, or was given up'
    await requests.step(act(record.id), { move: 'settle', letters: [], text, reason: '' })
  }

  /** Whether something waits to be closed until one of these messages is delivered. */
  function isAwaiting(ids: readonly MessageId[]): boolean {
    return ids.some((id) => awaited.has(id))
  }

  return { settle, isAwaiting }
}
