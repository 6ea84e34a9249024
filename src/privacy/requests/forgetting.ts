/** Takes people out of requests that have served their time, and lifts restrictions with their legal holds. */

import { DAY_MS } from '../../model/retention.ts'
import type { RequestRecord, SubjectRequest } from '../../store/requests.ts'
import { type RequestParts, relayItself } from './context.ts'
import type { Executions } from './execution.ts'
import { requestPolicy } from './requestSettings.ts'

export function createForgetting(
  { store, clock }: Pick<RequestParts, 'store' | 'clock'>,
  executions: Executions,
  isStopping: () => boolean,
) {
  const { requests } = store

  function act(request: number) {
    return { request, actor: relayItself, at: clock.now() }
  }

  /** Whether the person can be taken out: everything that belongs to the request is over. */
  async function canEnd({ orders, parent }: RequestRecord): Promise<boolean> {
    if (!orders.every(({ state }) => state === 'closed')) return false
    return parent === undefined || (await requests.get(parent))?.state === 'closed'
  }

  /** Ends a deletion that was answered, as far as it can be. False: something that belongs to it is not over yet. */
  async function end(id: number): Promise<boolean> {
    const record = await requests.get(id)
    if (!record || !(await canEnd(record))) return false
    await executions.end(record)
    return true
  }

  /** Lifts a restriction whose legal hold was released. */
  async function liftOne(request: SubjectRequest): Promise<void> {
    const hold = (await store.holds.list()).find(({ id }) => id === request.hold)
    if (!hold || hold.released) await executions.lift(request)
  }

  /** Takes people out of requests that were closed as long ago as the policy keeps them. */
  async function forgetOld(): Promise<void> {
    const { keepDays } = await requestPolicy(store.settings)
    for (const { id, subject } of await requests.aged(clock.now() - keepDays * DAY_MS)) {
      if (isStopping()) return
      const reason = `request ${id} was closed ${keepDays} days ago`
      const sequences = await requests.reasons(id)
      await store.audit.erase(sequences, { at: clock.now(), actor: relayItself.email, reason })
      await requests.forget(act(id), executions.labelOf(subject))
    }
  }

  return { end, liftOne, forgetOld }
}
