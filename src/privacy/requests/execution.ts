/**
 * Carries requests out, one at a time. Each round can be repeated: after a crash, or while something has to wait, the next
 * goes on where this one was. Only what a person decided about, after it was known who asks, ever gets here: the store
 * lets no other request become `executing`.
 */

import type { RequestOutcome } from '../../model/request.ts'
import type { Execution, RequestAct, SubjectRequest } from '../../store/requests.ts'
import type { ColumnCount } from '../../store/subjects.ts'
import { type RequestParts, relayItself, scopeOf } from './context.ts'
import { correct } from './correction.ts'
import { outcomeOf } from './drafts.ts'
import { createErasure } from './erasure.ts'
import { firstExecution } from './firstExecution.ts'
import { createProgress } from './progress.ts'
import { createSuppression } from './suppression.ts'

export type Executions = ReturnType<typeof createExecutions>

/** Whether there is something that the answer waits for: deliveries end within days. A hold is waited for after it. */
function isWaitedFor(waiting: readonly ColumnCount[]): boolean {
  return waiting.some(({ cause }) => cause === 'delivery')
}

/** Builds what carries requests out. */
export function createExecutions({
  store,
  dataExports,
  clock,
  log,
}: Omit<RequestParts, 'send' | 'hostname' | 'backups'>) {
  const { subjects, requests } = store
  const progress = createProgress()
  const suppression = createSuppression({ store, clock })
  const erasure = createErasure({ store, clock }, progress)

  function begun({ execution }: SubjectRequest): Execution {
    if (!execution) return firstExecution(relayItself, clock.now())
    return { ...execution, state: 'running', problem: '', endedAt: undefined }
  }

  /** Whether there is nothing to hand over: the search may have been a moment before mail was moved to its day. */
  async function hasNothing(request: SubjectRequest): Promise<boolean> {
    if (outcomeOf(request) !== 'nothing found') return false
    const { records, next } = await subjects.records(scopeOf(request), 0, 1)
    return next === undefined && records.every(({ account }) => account === 0)
  }

  async function outcomeFor(request: SubjectRequest, execution: Execution): Promise<RequestOutcome> {
    const outcome = outcomeOf({ ...request, execution })
    const { kind, id } = request
    if (outcome === 'done' || kind === 'deletion') return outcome
    return (await dataExports.list(id)).some(({ available }) => available) ? 'done' : outcome
  }

  async function carryOut(request: SubjectRequest, execution: Execution): Promise<Execution> {
    switch (request.kind) {
      case 'access':
      case 'portability': {
        const { id, kind } = request
        if ((await dataExports.list(id)).some(({ available }) => available)) return execution
        if (await hasNothing(request)) return execution
        await dataExports.build({ id, kind, scope: scopeOf(request) }, execution.by, progress.work(id))
        return execution
      }
      case 'deletion':
        if (request.suppress) await suppression.suppress(request, execution.by)
        return erasure.erase(request, execution)
      case 'objection':
        await suppression.suppress(request, execution.by)
        return execution
      case 'correction':
        await correct({ store, clock }, request, execution.by)
        return execution
      case 'restriction':
        await suppression.restrict(request, execution.by)
        return execution
    }
  }

  async function finish(request: SubjectRequest, execution: Execution): Promise<void> {
    const act: RequestAct = { request: request.id, actor: execution.by, at: clock.now() }
    const whole: Execution = { ...execution, ...progress.of(request.id), state: 'done', endedAt: act.at }
    await requests.executed(request.id, whole, [])
    const outcome = await outcomeFor(request, whole)
    await requests.step(act, { move: 'finish', outcome, letters: [], text: 'carried out', reason: '' })
  }

  async function fail(request: SubjectRequest, execution: Execution, error: Error): Promise<void> {
    log.error({ request: request.id, fault: error.message }, 'a request could not be carried out: it is tried again')
    const problem =
      'It could not be carried out to the end: look into the log of the relay. It is tried again by itself.'
    await requests.executed(request.id, { ...execution, state: 'failed', problem }, [])
  }

  return {
    labelOf: erasure.labelOf,
    /** How far carrying out a request is, where it is under way. */
    progressOf: progress.of,
    end: erasure.end,
    lift: suppression.lift,
    stop: progress.stop,

    /** Does what can be done now. Returns whether that was all. */
    async run(request: SubjectRequest): Promise<boolean> {
      const execution = begun(request)
      try {
        const next = await carryOut(request, execution)
        const isFinished = !progress.isStopping && !isWaitedFor(next.waiting)
        if (isFinished) await finish(request, next)
        return isFinished
      } catch (error) {
        if (!progress.isStopping) await fail(request, execution, error as Error)
        return false
      } finally {
        progress.forget(request.id)
      }
    },
  }
}
