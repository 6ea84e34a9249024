/**
 * What happens to requests by itself: letters go out, what was begun is carried out to its end, an answer that has arrived
 * closes its request, an account's order is told to the person it is for, and the person is taken out of a request that
 * was about being forgotten. Everything is found in the store, so that a crash is made up for by the next look.
 */

import type { MessageId } from '../../model/id.ts'
import { type RequestOutcome, stageOf } from '../../model/request.ts'
import { DAY_MS } from '../../model/retention.ts'
import { GIVE_UP_AFTER } from '../../model/retry.ts'
import type { RequestRecord, SubjectRequest } from '../../store/requests.ts'
import { type RequestParts, relayItself } from './context.ts'
import type { Drafts } from './drafts.ts'
import type { Executions } from './execution.ts'
import { requestPolicy } from './requestSettings.ts'
import type { Post } from './sendLetters.ts'

const LOOK_MS = 60_000
/** How long what has to wait is left alone before it is tried again. */
const WAIT_MS = 10 * 60_000
const HOLD_MS = 3_600_000

/** Letters that end a request. */
const answers: readonly string[] = ['answer', 'refusal', 'report', 'forwarding']

export type RequestJob = ReturnType<typeof createRequestJob>

function isOver({ state }: SubjectRequest): boolean {
  return state === 'answered' || state === 'closed'
}

/** What the person is told came of several orders. Undefined where all were taken back: then nothing came of any. */
function together(orders: readonly SubjectRequest[]): RequestOutcome | undefined {
  const outcomes = orders.map(({ outcome }) => outcome)
  return (['done', 'nothing found', 'refused'] as const).find((one) => outcomes.includes(one))
}

/** Builds the care of requests. */
export function createRequestJob(
  { store, clock, log }: Pick<RequestParts, 'store' | 'clock' | 'log'>,
  { post, drafts, executions }: { post: Post; drafts: Drafts; executions: Executions },
) {
  const { requests } = store
  /** messages whose delivery is waited for */
  const awaited = new Set<MessageId>()
  const notBefore = new Map<number, number>()
  let timer: NodeJS.Timeout | undefined
  let quick: Promise<void> = Promise.resolve()
  let slow: Promise<void> = Promise.resolve()
  let isStopping = false

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

  async function pollQuickly(): Promise<void> {
    const before = await post.sendAll()
    for (const { id, state } of await requests.underWay()) {
      if (isStopping || !['received', 'identified', 'answered'].includes(state)) continue
      const record = await requests.get(id)
      if (record) await settle(record)
    }
    // what was sent may have arrived already
    if (before + (await post.sendAll()) > 0) wake()
  }

  /** Whether the person can be taken out: everything that belongs to the request is over. */
  async function canEnd({ orders, parent }: RequestRecord): Promise<boolean> {
    if (!orders.every(({ state }) => state === 'closed')) return false
    return parent === undefined || (await requests.get(parent))?.state === 'closed'
  }

  async function endOne(id: number): Promise<void> {
    const record = await requests.get(id)
    if (!record || !(await canEnd(record))) return
    await executions.end(record)
    notBefore.set(id, clock.now() + HOLD_MS)
  }

  async function liftOne(request: SubjectRequest): Promise<void> {
    const hold = (await store.holds.list()).find(({ id }) => id === request.hold)
    if (!hold || hold.released) await executions.lift(request)
  }

  /** Takes people out of requests that were closed as long ago as the policy keeps them. */
  async function forgetOld(): Promise<void> {
    const { keepDays } = await requestPolicy(store.settings)
    for (const { id, subject } of await requests.aged(clock.now() - keepDays * DAY_MS)) {
      if (isStopping) return
      const reason = `request ${id} was closed ${keepDays} days ago`
      const sequences = await requests.reasons(id)
      await store.audit.erase(sequences, { at: clock.now(), actor: relayItself.email, reason })
      await requests.forget(act(id), executions.labelOf(subject))
    }
  }

  async function pollSlowly(): Promise<void> {
    await forgetOld()
    for (const request of await requests.underWay()) {
      const { id, state, hold, kind, erasedAt } = request
      if (isStopping) return
      if (hold !== undefined) await liftOne(request)
      if ((notBefore.get(id) ?? 0) > clock.now()) continue
      if (state === 'executing') {
        const isFinished = await executions.run(request)
        if (!isFinished) notBefore.set(id, clock.now() + WAIT_MS)
      } else if (state === 'closed' && kind === 'deletion' && erasedAt === undefined) await endOne(id)
    }
  }

  function guarded(work: () => Promise<void>): () => Promise<void> {
    return async () => {
      if (isStopping) return
      try {
        await work()
      } catch (error) {
        if (!isStopping) log.error({ fault: (error as Error).message }, 'requests could not be looked after')
      }
    }
  }

  /** Looks now. What takes long goes on beside what does not. */
  function wake(): void {
    quick = quick.then(guarded(pollQuickly))
    slow = Promise.all([slow, quick]).then(guarded(pollSlowly))
  }

  store.on('messages changed', (ids) => {
    if (ids.some((id) => awaited.has(id))) wake()
  })
  store.on('request received', wake)

  return {
    wake,
    /** A person wants it done now. */
    hurry(id: number): void {
      notBefore.delete(id)
      wake()
    },
    start(): void {
      wake()
      timer = setInterval(wake, LOOK_MS)
    },
    /** Resolves when everything that can be done now is done. */
    async settled(): Promise<void> {
      for (let before: Promise<void> | undefined; before !== slow; ) {
        before = slow
        await before
      }
    },
    async stop(): Promise<void> {
      isStopping = true
      clearInterval(timer)
      executions.stop()
      await Promise.all([quick, slow])
    },
  }
}
