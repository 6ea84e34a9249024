/**
 * Destroys what is held of the person, and at the end takes the person out of the request itself. Each round can be
 * repeated: what waits for a delivery or a legal hold is destroyed by a later one.
 */

import type { Execution, RequestRecord, SubjectRequest } from '../../store/requests.ts'
import type { ColumnCount } from '../../store/subjects.ts'
import { type RequestParts, relayItself, scopeOf } from './context.ts'
import { firstExecution } from './firstExecution.ts'
import type { Progress } from './progress.ts'

/** Characters of the keyed hash. */
const LABEL = 12

/** The person's own letters from here, which are in no account's log. */
function ownLetters({ subject }: SubjectRequest) {
  return { address: subject, account: 0 }
}

export function createErasure({ store, clock }: Pick<RequestParts, 'store' | 'clock'>, progress: Progress) {
  const { subjects, requests } = store

  /** What stands for a person who was erased. */
  function labelOf(subject: string): string {
    return subjects.hash(subject).slice(0, LABEL)
  }

  /** Requests whose rows stay while the answer is on its way. */
  async function kept({ id, parent }: SubjectRequest): Promise<number[]> {
    const record = await requests.get(id)
    return [id, ...(parent === undefined ? [] : [parent]), ...(record?.orders ?? []).map((order) => order.id)]
  }

  /** Keeps what all runs together destroyed, as it stands in the audit log. */
  async function told(id: number, execution: Execution, waiting: ColumnCount[]): Promise<Execution> {
    const { receipts, ...destroyed } = await requests.erasedBy(id)
    const next = { ...execution, destroyed, waiting }
    await requests.executed(id, next, receipts)
    return next
  }

  /** Destroys what can be destroyed now. */
  async function erase(request: SubjectRequest, execution: Execution): Promise<Execution> {
    const order = {
      request: request.id,
      actor: execution.by.email,
      at: clock.now(),
      reason: `request ${request.id}`,
      keepRequests: await kept(request),
    }
    const { waiting } = await subjects.erase(scopeOf(request), order, progress.work(request.id))
    return told(request.id, execution, waiting)
  }

  /**
   * After the answer: destroys what had to be kept until then, and takes the person out of the request itself. Waits for
   * legal holds and deliveries, as long as the address is needed to find again what they keep.
   */
  async function end(request: RequestRecord): Promise<void> {
    const { id, subject, track } = request
    // what was not carried out here is left to the accounts' orders
    const scope = request.execution ? scopeOf(request) : ownLetters(request)
    const execution = request.execution ?? firstExecution(relayItself, clock.now())
    const order = { request: id, actor: relayItself.email, at: clock.now(), reason: `request ${id}` }
    // a run before this one can have got as far as the address itself
    const isKnown = track === 'holder' || subject.includes('@')
    if (isKnown) {
      const work = progress.work(id)
      const { waiting } = await subjects.erase(scope, { ...order, keepRequests: await kept(request) }, work)
      if (waiting.some(({ cause }) => cause !== 'request')) return void (await told(id, execution, waiting))
      await subjects.erase(scope, { ...order, keepRequests: [] }, work)
      progress.forget(id)
    }
    if (request.execution) await told(id, execution, [])
    await requests.forget({ request: id, actor: relayItself, at: clock.now() }, isKnown ? labelOf(subject) : subject)
  }

  return { labelOf, erase, end }
}
