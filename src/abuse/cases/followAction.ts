/**
 * What follows an action of the review desk once it is written down: the queue of the account is put aside or goes on,
 * and the letter is sent. A crash in between is made up for at the next start.
 */

import { type ActionKind, HELD_BY_REVIEW, REVIEW_ORDER } from '../../model/case.ts'
import type { QueueAction, QueueFilter } from '../../model/filter.ts'
import { formatId } from '../../model/id.ts'
import type { Log } from '../../mta/ports.ts'
import type { SendSystemMail } from '../../mta/queue/systemMail.ts'
import type { PendingAction } from '../../store/cases.ts'
import type { QueueRow, Store } from '../../store/store.ts'

/** How often deliveries in flight are looked at, milliseconds. */
const LOOK_MS = 500
/** Deliveries in flight of one account that are watched. */
const MOST_IN_FLIGHT = 1000

export interface ActionFollower {
  /** Lets queue and letter follow an action, or its undoing. Rejects when they could not: the next start tries again. */
  follow(action: number): Promise<void>
  /** To be called when the queue is recovered and does not run yet. */
  start(): Promise<void>
  stop(): Promise<void>
}

export interface ActionFollowerOptions {
  store: Pick<Store, 'cases' | 'directory' | 'queue'>
  act(action: QueueAction, filter: QueueFilter, reason: string): Promise<unknown>
  send: SendSystemMail
  /** where an answer to a letter about a case goes */
  appealAddress(file: number): Promise<string>
  log: Log
}

function stopsMail(kind: ActionKind): boolean {
  return kind === 'hold' || kind === 'suspend' || kind === 'close account'
}

/** Builds the care. */
export function createActionFollower({ store, act, send, appealAddress, log }: ActionFollowerOptions): ActionFollower {
  const { cases, directory, queue } = store
  const watches = new Set<Promise<void>>()
  let isStopping = false

  function inFlight(account: string): Promise<QueueRow[]> {
    return queue.list({ account, state: 'sending' }, MOST_IN_FLIGHT, undefined).then(({ rows }) => rows)
  }

  /** What is being sent cannot be held. Where it comes back to the queue it is put aside too. */
  async function holdWhatReturns(account: string, flying: readonly QueueRow[]): Promise<void> {
    const deliveries = flying.map(({ message, delivery }) => ({
      message: formatId(message),
      ordinal: delivery.ordinal,
    }))
    const isFlying = async () => {
      const now = new Set((await inFlight(account)).map(({ message, delivery }) => `${message} ${delivery.ordinal}`))
      return flying.some(({ message, delivery }) => now.has(`${message} ${delivery.ordinal}`))
    }
    while (!isStopping && (await isFlying())) await new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref())
    // what a person has let go meanwhile is not held any more
    if (!mayHold(account)) return
    await act('hold', { account, deliveries }, REVIEW_ORDER)
  }

  function mayHold(name: string): boolean {
    const account = directory.accountByName(name)
    return account !== undefined && (account.status !== 'active' || account.outgoing === 'held')
  }

  async function holdQueue(account: string): Promise<QueueRow[]> {
    const flying = await inFlight(account)
    await act('hold', { account }, REVIEW_ORDER)
    return flying
  }

  async function followQueue({ account: id, kind, undoneAt, letter }: PendingAction): Promise<QueueRow[]> {
    const account = directory.accountById(id)
    if (!account || !stopsMail(kind)) return []
    if (undoneAt === undefined) {
      // a letter that is in the queue is not to be held: then the rest was put aside before
      if (letter?.message === undefined) return holdQueue(account.name)
      await act('hold', { account: account.name, state: 'deferred', inDoubt: true }, REVIEW_ORDER)
      return []
    }
    if (account.status === 'active' && account.outgoing === 'flow')
      await act('release', { account: account.name, reason: HELD_BY_REVIEW }, 'released')
    return []
  }

  async function sendLetter({ id, account, case: file, letter, undoneAt }: PendingAction): Promise<void> {
    const contact = directory.accountById(account)?.contact
    if (!letter || letter.message !== undefined || undoneAt !== undefined || contact === undefined) return
    const { subject, text } = letter
    const replyTo = [await appealAddress(file), letter.replyTo ?? []].flat()
    const answer = await send(account, contact, { subject, paragraphs: paragraphs(text), replyTo })
    if (answer.kind !== 'accepted') throw new Error('the letter could not be accepted')
    await cases.actionNotified(id, answer.id)
  }

  async function carryOn(action: PendingAction): Promise<void> {
    const flying = await followQueue(action)
    await sendLetter(action)
    if (flying.length === 0) return cases.actionDone(action.id)
    const account = directory.accountById(action.account)!.name
    const watch = holdWhatReturns(account, flying)
      .then(() => (isStopping ? undefined : cases.actionDone(action.id)))
      .catch((error: Error) => log.error({ fault: error.message }, 'deliveries in flight could not be held'))
      .finally(() => watches.delete(watch))
    watches.add(watch)
  }

  return {
    async follow(id) {
      const action = (await cases.pendingActions()).find((pending) => pending.id === id)
      if (action) await carryOn(action)
    },
    async start() {
      for (const action of await cases.pendingActions()) {
        await carryOn(action).catch((error: Error) => {
          log.error({ fault: error.message, case: action.case }, 'what follows an action could not be done')
        })
      }
    },
    async stop() {
      isStopping = true
      await Promise.all(watches)
    },
  }
}

/** Splits a written letter into its paragraphs. */
function paragraphs(text: string): string[] {
  return text.split(/\r?\n\s*\r?\n/).flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
}
