/** Makes a message durable: the one way into the queue, for submissions and for the relay's own notifications. */

import { transition } from '../../model/delivery.ts'
import { formatId, type IdClock } from '../../model/id.ts'
import type { Attempt, Delivery, Envelope, MessageRecord, RecipientOptions } from '../../model/message.ts'
import { destinationOf, type RoutedTo } from '../../model/route.ts'
import { StorageRefusal } from '../../store/storage.ts'
import type { ClaimedJob, DueJob, NewMessage, Store } from '../../store/store.ts'
import { recipientDomain } from '../domains/domain.ts'
import type { Accept, Acceptance, Clock, Log, Submission, Watch } from '../ports.ts'
import { decideDelivery, decideMessage } from './decide.ts'
import { chunk } from './destination.ts'
import { assembleBody, outgoing } from './outgoing.ts'
import type { Scheduler } from './scheduler.ts'

/** Recipients in one SMTP transaction (RFC 5321 §4.5.3.1.8: servers take at least 100). */
const RECIPIENTS = 100

const full = { code: 452, enhancedCode: '4.3.1', text: 'the relay cannot store mail at the moment, try again later' }

const gone = {
  code: 451,
  enhancedCode: '4.3.0',
  text: 'the relay cannot reach its disk at the moment, try again later',
}

/** Without room 452, with which a sender slows down (RFC 5321 §4.2.2); what else is wrong here is not its concern. */
function replyFor(error: unknown): typeof full {
  return error instanceof StorageRefusal && error.state !== 'full' ? gone : full
}

export interface Parts {
  /** what it is decided about, which is done when it is placed */
  record: Omit<MessageRecord, 'keepUntil'>
  body: Uint8Array
  recipients: { address: string; options: RecipientOptions }[]
}

/** A message placed in the queue, and what is to be done once it is durable. */
export interface Placed {
  message: NewMessage
  /** jobs born `sending`, on reserved slots */
  jobs: ClaimedJob[]
  waiting: DueJob[]
}

export interface AcceptanceOptions {
  /** this relay's name, in the Message-IDs it gives */
  hostname: string
  store: Store
  scheduler: Scheduler
  ids: IdClock
  /** told of every message once it is durable */
  watch: Watch
  log: Log
  clock: Clock
}

/** The record with what is decided at acceptance. */
function decided(record: Parts['record'], { directory }: Store): MessageRecord {
  const { acceptedAt, account } = record
  return { ...record, ...decideMessage(acceptedAt, directory.policy().keepDays, directory.accountById(account)) }
}

/**
 * Places a message: routes its recipients, holds what is to be held, and starts at once what may start.
 * @param slots undefined: nothing may start at once
 */
export function place(
  parts: Parts,
  store: Store,
  credential: Submission['credential'],
  slots: Pick<Scheduler, 'reserve'> | undefined,
): Placed {
  const { body, recipients } = parts
  const record = decided(parts.record, store)
  const account = store.directory.accountById(record.account)
  const rules = store.directory.routes()
  const deliveries: Delivery[] = []
  const groups = new Map<string, { routed: RoutedTo; members: Delivery[] }>()
  recipients.forEach(({ address, options }, ordinal) => {
    const domain = recipientDomain(address)
    const routed = destinationOf(rules, domain)
    const { route, destination } = routed
    const placement = decideDelivery(credential, account, route, domain)
    const isHeld = placement.kind === 'hold'
    const delivery: Delivery = {
      ordinal,
      recipient: address,
      options,
      destination,
      state: isHeld ? 'held' : 'queued',
      reason: isHeld ? placement.reason : 'waiting for its turn',
      nextAttemptAt: isHeld ? undefined : record.acceptedAt,
      attempts: 0,
      inDoubt: false,
    }
    deliveries.push(delivery)
    if (isHeld) return
    const group = groups.get(destination)
    if (group) group.members.push(delivery)
    else groups.set(destination, { routed, members: [delivery] })
  })
  const placed: Placed = { message: { record, body, deliveries, attempts: [] }, jobs: [], waiting: [] }
  for (const [destination, { routed, members }] of groups) {
    for (const part of chunk(members, RECIPIENTS)) {
      if (slots?.reserve(destination, routed.route)) start(placed, destination, part)
      else placed.waiting.push(waitingJob(record, destination, part))
    }
  }
  return placed
}

function waitingJob(record: MessageRecord, destination: string, part: Delivery[]): DueJob {
  const ordinals = part.map((delivery) => delivery.ordinal)
  return { message: record.id, destination, ordinals, nextAttemptAt: record.acceptedAt }
}

/** Writes a job as being sent from the start: its claim then costs no commit of its own. */
function start(placed: Placed, destination: string, part: Delivery[]): void {
  const { record, body, attempts } = placed.message
  for (const delivery of part) {
    delivery.state = transition(delivery.state, 'claim')!
    delivery.reason = 'being sent'
    delivery.nextAttemptAt = undefined
    delivery.attempts = 1
  }
  const number = attempts.length + 1
  attempts.push(firstAttempt(number, part, record.acceptedAt, destination))
  placed.jobs.push({ record, body, destination, deliveries: part, attempt: number, previousEndedAt: undefined })
}

function firstAttempt(number: number, part: Delivery[], startedAt: number, destination: string): Attempt {
  return {
    number,
    ordinals: part.map((delivery) => delivery.ordinal),
    startedAt,
    endedAt: undefined,
    destination,
    tls: undefined,
    code: undefined,
    enhancedCode: undefined,
    reply: undefined,
    transcript: '',
    inDoubt: false,
  }
}

/** Builds the engine's `accept`: resolves when the message is durable, and only then may 250 be said. */
export function createAccept(options: AcceptanceOptions): Accept {
  const { store, scheduler, ids, clock } = options
  return async (submission: Submission): Promise<Acceptance> => {
    const acceptedAt = clock.now()
    const id = ids.next(acceptedAt)
    const parts = assemble(submission, id, acceptedAt, options.hostname)
    return admit(place(parts, store, submission.credential, scheduler), options)
  }
}

/** Makes a placed message durable, then starts what may start. Resolves when it is stored, or refused. */
export async function admit(placed: Placed, options: AcceptanceOptions): Promise<Acceptance> {
  const { store, scheduler, watch, log } = options
  let stored: { sampled: boolean }
  try {
    stored = await store.queue.accept(placed.message)
  } catch (error) {
    for (const job of placed.jobs) scheduler.unreserve(job.destination)
    log.error({ fault: (error as Error).message }, 'a message could not be stored')
    return { kind: 'refused', reply: replyFor(error) }
  }
  for (const job of placed.jobs) scheduler.runReserved(job)
  for (const job of placed.waiting) scheduler.enqueue(job)
  watch(placed.message, stored.sampled)
  return { kind: 'accepted', id: placed.message.record.id }
}

/** Makes the message that travels out of the one received, and gathers its record. */
function assemble(submission: Submission, id: number, acceptedAt: number, hostname: string): Parts {
  const { account, credential, client, envelope, recipients, data, headerLength, subject } = submission
  const name = formatId(id)
  const { added, removed, messageId } = outgoing(asBuffer(data), headerLength, acceptedAt, `${name}@${hostname}`)
  const body = assembleBody(submission.received(name, acceptedAt) + added, data, removed)
  const record: Parts['record'] = {
    id,
    account: account.id,
    credential: credential?.id,
    acceptedAt,
    envelope,
    subject,
    messageId: messageId ?? submission.messageId,
    size: body.length,
    headers: body.subarray(0, body.length - (data.length - headerLength)),
    client,
    sampled: false,
  }
  return { record, body, recipients }
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

/** Envelope of mail the relay itself writes: the empty reverse path, so that nothing ever answers it (RFC 5321 §4.5.5). */
export const systemEnvelope: Envelope = { from: '', smtputf8: false, body: '7bit', ret: undefined, envid: undefined }
