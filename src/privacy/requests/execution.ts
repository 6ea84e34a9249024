/**
 * Carries requests out, one at a time. Each round can be repeated: after a crash, or while something has to wait, the next
 * goes on where this one was. Only what a person decided about, after it was known who asks, ever gets here: the store
 * lets no other request become `executing`.
 */

import type { RequestOutcome } from '../../model/request.ts'
import type { Actor } from '../../store/cases.ts'
import type { Execution, RequestAct, RequestRecord, SubjectRequest } from '../../store/requests.ts'
import { type ColumnCount, EVERY_ACCOUNT } from '../../store/subjects.ts'
import { type RequestParts, relayItself, scopeOf } from './context.ts'
import { readCorrection } from './correction.ts'
import { nothingDestroyed, outcomeOf } from './drafts.ts'

/** Characters of the keyed hash. */
const LABEL = 12

export type Executions = ReturnType<typeof createExecutions>

/** Whether there is something that the answer waits for: deliveries end within days. A hold is waited for after it. */
function isWaitedFor(waiting: readonly ColumnCount[]): boolean {
  return waiting.some(({ cause }) => cause === 'delivery')
}

/** How carrying out begins. */
export function firstExecution(by: Actor, startedAt: number): Execution {
  const work = { done: 0, total: 0, startedAt, endedAt: undefined, problem: '', by }
  return { state: 'running', ...work, destroyed: nothingDestroyed, waiting: [] }
}

/** Builds what carries requests out. */
export function createExecutions({
  store,
  dataExports,
  clock,
  log,
}: Omit<RequestParts, 'send' | 'hostname' | 'backups'>) {
  const { directory, holds, subjects, requests } = store
  const progress = new Map<number, { done: number; total: number }>()
  let isStopping = false

  function begun({ execution }: SubjectRequest): Execution {
    if (!execution) return firstExecution(relayItself, clock.now())
    return { ...execution, state: 'running', problem: '', endedAt: undefined }
  }

  function workOf(id: number) {
    return {
      progress: (done: number, total: number) => void progress.set(id, { done, total }),
      isCancelled: () => isStopping,
    }
  }

  async function suppress(request: SubjectRequest, actor: Actor): Promise<void> {
    // an account's own address is no recipient it could be kept from
    if (request.track === 'holder') return
    const account = request.track === 'third party' ? EVERY_ACCOUNT : request.account
    if (account === undefined) return
    const hash = subjects.hash(request.subject)
    const known = subjects.suppressions().find((one) => one.account === account && one.hash === hash)
    if (known && (known.request === request.id || request.kind === 'restriction')) return
    // what belongs to a restriction ends with it
    if (known) await subjects.unsuppress(account, hash, actor.email, clock.now())
    await subjects.suppress({ account, hash, at: clock.now(), request: request.id }, actor.email)
  }

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

  async function erase(request: SubjectRequest, execution: Execution): Promise<Execution> {
    if (request.suppress) await suppress(request, execution.by)
    const order = {
      request: request.id,
      actor: execution.by.email,
      at: clock.now(),
      reason: `request ${request.id}`,
      keepRequests: await kept(request),
    }
    const { waiting } = await subjects.erase(scopeOf(request), order, workOf(request.id))
    return told(request.id, execution, waiting)
  }

  async function correct({ id, correction, account }: SubjectRequest, { by }: Execution): Promise<void> {
    const wanted = readCorrection(correction)
    if (!wanted || account === undefined) return
    const said = { at: clock.now(), actor: by.email, object: `request ${id}`, reason: `request ${id}`, details: {} }
    const facts = { request: id, account }
    if (wanted.contact !== undefined)
      await directory.setAccountContact(account, wanted.contact, { ...said, action: 'accounts.setContact', facts })
    if (wanted.domains)
      await directory.setAccountDomains(account, wanted.domains, { ...said, action: 'accounts.setDomains', facts })
  }

  /** Keeps what is held as it is, and keeps the person from being written to, until a person lifts it. */
  async function restrict(request: SubjectRequest, { by }: Execution): Promise<void> {
    await suppress(request, by)
    if (request.hold !== undefined) return
    const reason = `request ${request.id}: restriction`
    const known = (await holds.list()).find((hold) => !hold.released && hold.reason === reason)
    const { account, subject, track } = request
    const scope =
      track === 'holder'
        ? ({ kind: 'account', account: account! } as const)
        : ({ kind: 'address', address: subject } as const)
    const hold = known ?? (await holds.place(scope, { actor: by.email, at: clock.now(), reason }))
    const act = { request: request.id, actor: by, at: clock.now() }
    await requests.bindHold(act, hold.id, `legal hold ${hold.id} keeps what is held`)
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
        await dataExports.build({ id, kind, scope: scopeOf(request) }, execution.by, workOf(id))
        return execution
      }
      case 'deletion':
        return erase(request, execution)
      case 'objection':
        await suppress(request, execution.by)
        return execution
      case 'correction':
        await correct(request, execution)
        return execution
      case 'restriction':
        await restrict(request, execution)
        return execution
    }
  }

  async function finish(request: SubjectRequest, execution: Execution): Promise<void> {
    const act: RequestAct = { request: request.id, actor: execution.by, at: clock.now() }
    const whole: Execution = { ...execution, ...progress.get(request.id), state: 'done', endedAt: act.at }
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
    labelOf,

    /** How far carrying out a request is, where it is under way. */
    progressOf: (id: number) => progress.get(id),

    /** Does what can be done now. Returns whether that was all. */
    async run(request: SubjectRequest): Promise<boolean> {
      const execution = begun(request)
      try {
        const next = await carryOut(request, execution)
        const isFinished = !isStopping && !isWaitedFor(next.waiting)
        if (isFinished) await finish(request, next)
        return isFinished
      } catch (error) {
        if (!isStopping) await fail(request, execution, error as Error)
        return false
      } finally {
        progress.delete(request.id)
      }
    },

    /**
     * After the answer: destroys what had to be kept until then, and takes the person out of the request itself. Waits for
     * legal holds and deliveries, as long as the address is needed to find again what they keep.
     */
    async end(request: RequestRecord): Promise<void> {
      const { id, subject, track } = request
      // what was not carried out here is left to the accounts' orders
      const scope = request.execution ? scopeOf(request) : ownLetters(request)
      const execution = request.execution ?? firstExecution(relayItself, clock.now())
      const order = { request: id, actor: relayItself.email, at: clock.now(), reason: `request ${id}` }
      // a run before this one can have got as far as the address itself
      const isKnown = track === 'holder' || subject.includes('@')
      if (isKnown) {
        const { waiting } = await subjects.erase(scope, { ...order, keepRequests: await kept(request) }, workOf(id))
        if (waiting.some(({ cause }) => cause !== 'request')) return void (await told(id, execution, waiting))
        await subjects.erase(scope, { ...order, keepRequests: [] }, workOf(id))
        progress.delete(id)
      }
      if (request.execution) await told(id, execution, [])
      await requests.forget({ request: id, actor: relayItself, at: clock.now() }, isKnown ? labelOf(subject) : subject)
    },

    /** A restriction that was lifted: the person may be written to again. */
    async lift(request: SubjectRequest): Promise<void> {
      const hash = subjects.hash(request.subject)
      for (const { account, request: by } of subjects.suppressions().filter((one) => one.hash === hash))
        if (by === request.id) await subjects.unsuppress(account, hash, relayItself.email, clock.now())
      const act = { request: request.id, actor: relayItself, at: clock.now() }
      await requests.bindHold(act, undefined, 'the restriction was lifted with its legal hold')
    },

    stop() {
      isStopping = true
    },
  }
}

/** The person's own letters from here, which are in no account's log. */
function ownLetters({ subject }: SubjectRequest) {
  return { address: subject, account: 0 }
}
