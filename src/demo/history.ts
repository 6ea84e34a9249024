/** Writes the demo's past: seventy days of mail, through the same calls of the store that the engine makes. */

import { IdClock } from '../model/id.ts'
import type { Attempt, Delivery, MessageRecord } from '../model/message.ts'
import type { Outcome } from '../model/outcome.ts'
import { splitEnhancedCode } from '../model/reply.ts'
import { isExpired, nextAttemptAt } from '../model/retry.ts'
import { destinationOf } from '../model/route.ts'
import { recipientDomain } from '../mta/domains/domain.ts'
import { decideDelivery, decideMessage } from '../mta/queue/decide.ts'
import type { Store } from '../store/store.ts'
import { BUSIEST_HOUR, BUSY_DOMAIN, fateOf, type Letter, lettersAnHour, writeLetter } from './letter.ts'
import { pick, seeded } from './random.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Letters written at once; one commit takes many. */
const TOGETHER = 100
/** So long the busy host has been too busy for anything, up to now. */
const BUSY_SINCE = 26 * HOUR

interface Past {
  store: Store
  ids: IdClock
  random: () => number
  /** milliseconds, Unix time */
  now: number
}

/** The moments between two times at which letters were written, in order. */
function moments(from: number, to: number, random: () => number): number[] {
  const found: number[] = []
  for (let at = from; at < to; ) {
    at += (-Math.log(1 - random()) * HOUR) / BUSIEST_HOUR
    // thinned out afterwards: a long step out of a quiet night must not skip the working day
    if (at < to && random() < lettersAnHour(at) / BUSIEST_HOUR) found.push(Math.floor(at))
  }
  return found
}

/** What people did at a moment of the past. */
export interface SeededDecision {
  /** milliseconds, Unix time */
  at: number
  act(): Promise<unknown>
}

/**
 * Fills the log between two times, in order, and has the deeds done each at its time.
 * @param from milliseconds, Unix time; nothing may be newer in the store
 * @returns how many messages were written
 */
export async function fillHistory(
  store: Store,
  from: number,
  now: number,
  deeds: readonly SeededDecision[],
): Promise<number> {
  const random = seeded(Math.floor(from / HOUR))
  const past: Past = { store, ids: new IdClock(await store.lastId()), random, now }
  const times = moments(from, now - 2 * MINUTE, random)
  let written = 0
  let since = from
  for (const { at, act } of deeds) {
    written += await writeLetters(
      past,
      times.filter((time) => time > since && time <= at),
    )
    await act()
    since = at
  }
  return (
    written +
    (await writeLetters(
      past,
      times.filter((time) => time > since),
    ))
  )
}

/** Letters written at these times, with what became of them. */
async function writeLetters(past: Past, times: readonly number[]): Promise<number> {
  const { store, random } = past
  const deliveries: Promise<void>[] = []
  let written = 0
  for (let done = 0; done < times.length; done += TOGETHER) {
    const letters = times
      .slice(done, done + TOGETHER)
      .map((at) => ({ at, letter: writeLetter(random) }))
      // a suspended customer's letters were refused
      .filter(({ letter }) => store.directory.accountByName(letter.account)?.status === 'active')
    const accepted = letters.map(({ at, letter }) => acceptOne(past, past.ids.next(at), at, letter))
    // some are tried for days: the next letters do not wait for them
    for (const { record, sent } of await Promise.all(accepted)) deliveries.push(deliverAll(past, record, sent))
    written += letters.length
  }
  await Promise.all(deliveries)
  return written
}

function headersOf(letter: Letter, messageId: string, at: number): string {
  const date = new Date(at).toUTCString().replace('GMT', '+0000')
  const word = (text: string): string =>
    /^[ -~]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
  return [
    `Received: from app.${letter.account}.example ([127.0.0.1]) by relay.mailward.example with ESMTPSA;`,
    `\t${date}`,
    `From: ${letter.fromName} <${letter.from}>`,
    `To: ${letter.to.join(', ')}`,
    `Subject: ${word(letter.subject)}`,
    `Message-ID: <${messageId}>`,
    `Date: ${date}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    '',
  ].join('\r\n')
}

function recordOf({ store, random }: Past, id: number, at: number, letter: Letter): MessageRecord {
  const account = store.directory.accountByName(letter.account)!
  const messageId = `${id.toString(36)}.${Math.floor(random() * 1e9).toString(36)}@${letter.account}.example`
  const headers = Buffer.from(headersOf(letter, messageId, at))
  return {
    id,
    account: account.id,
    credential: store.directory.credentialByUsername(letter.account)?.id,
    acceptedAt: at,
    envelope: { from: letter.from, smtputf8: false, body: '8bitmime', ret: undefined, envid: undefined },
    subject: letter.subject,
    messageId,
    size: headers.length + Buffer.byteLength(letter.text) + Math.floor(random() ** 4 * 200_000),
    headers,
    client: { address: '127.0.0.1', helo: `app.${letter.account}.example`, tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384' },
    keepUntil: decideMessage(at, store.directory.policy().keepDays, account).keepUntil,
    sampled: false,
  }
}

function domainOf(recipient: string): string {
  return recipient.slice(recipient.lastIndexOf('@') + 1)
}

/** A delivery as it is born: being sent, or held where its route captures. */
function born(store: Store, recipient: string, ordinal: number): Delivery {
  const domain = recipientDomain(recipient)
  const { route, destination } = destinationOf(store.directory.routes(), domain)
  const placement = decideDelivery(undefined, undefined, route, domain)
  const isHeld = placement.kind === 'hold'
  return {
    ordinal,
    recipient,
    options: { notify: undefined, orcpt: undefined },
    destination,
    state: isHeld ? 'held' : 'sending',
    reason: isHeld ? placement.reason : 'being sent',
    nextAttemptAt: undefined,
    attempts: isHeld ? 0 : 1,
    inDoubt: false,
  }
}

function attemptFor(number: number, delivery: Delivery, startedAt: number): Attempt {
  return {
    number,
    ordinals: [delivery.ordinal],
    startedAt,
    endedAt: undefined,
    destination: delivery.destination,
    tls: undefined,
    code: undefined,
    enhancedCode: undefined,
    reply: undefined,
    transcript: '',
    inDoubt: false,
  }
}

async function acceptOne(past: Past, id: number, at: number, letter: Letter) {
  const { store } = past
  const record = recordOf(past, id, at, letter)
  const deliveries = letter.to.map((recipient, ordinal) => born(store, recipient, ordinal))
  const sent = deliveries.filter(({ state }) => state === 'sending')
  const attempts = sent.map((delivery, index) => attemptFor(index + 1, delivery, at))
  const body = Buffer.concat([record.headers, Buffer.from(letter.text.replaceAll('\n', '\r\n'))])
  await store.queue.accept({ record, body, deliveries, attempts })
  return { record, sent }
}

async function deliverAll(past: Past, record: MessageRecord, sent: Delivery[]): Promise<void> {
  for (const [index, delivery] of sent.entries()) await deliverOne(past, record, delivery, index + 1)
}

const TAKEN = '250 2.0.0 queued'
const BUSY = '421 4.3.2 too busy, try again later'
const FULL = '452 4.2.2 mailbox full'
const LATER = '451 4.7.1 greylisted, please come back in a while'
const UNKNOWN = '550 5.1.1 user unknown'

/** What the next hop answered to the tries of a delivery, in order; the last answer repeats. */
function answersTo({ random, now }: Past, recipient: string, acceptedAt: number): string[] {
  if (domainOf(recipient) === BUSY_DOMAIN) {
    return acceptedAt > now - BUSY_SINCE ? [BUSY] : pick(random, [[BUSY, TAKEN], [BUSY, BUSY, TAKEN], [TAKEN]])
  }
  switch (fateOf(recipient)) {
    case 'taken':
      return random() < 0.015 ? [BUSY, TAKEN] : [TAKEN]
    case 'unknown':
      return [UNKNOWN]
    case 'full':
      return [FULL]
    case 'later':
      return [LATER, TAKEN]
  }
}

/** Tries a delivery as the queue would have, until it is final or its next try lies in the future. */
async function deliverOne(past: Past, record: MessageRecord, delivery: Delivery, firstAttempt: number): Promise<void> {
  const { random, now } = past
  const answers = answersTo(past, delivery.recipient, record.acceptedAt)
  let startedAt = record.acceptedAt
  for (let tries = 1; startedAt <= now; tries++) {
    const number = tries === 1 ? firstAttempt : await claimAgain(past, record, delivery, startedAt)
    const line = answers[Math.min(tries, answers.length) - 1]!
    const next = nextAttemptAt(tries, startedAt, random())
    const isLast = !line.startsWith('4') || isExpired(record.acceptedAt, next)
    await recordOne(past, { record, delivery, number, line, startedAt, next: isLast ? undefined : next })
    if (isLast) return
    startedAt = next
  }
}

async function claimAgain(
  { store }: Past,
  record: MessageRecord,
  delivery: Delivery,
  startedAt: number,
): Promise<number> {
  const job = {
    message: record.id,
    destination: delivery.destination,
    ordinals: [delivery.ordinal],
    nextAttemptAt: startedAt,
  }
  const [claimed] = await store.queue.claim([job], startedAt)
  if (!claimed) throw new Error('a delivery of the demo could not be claimed')
  return claimed.attempt
}

interface Try {
  record: MessageRecord
  delivery: Delivery
  /** number of the attempt within the message */
  number: number
  /** the reply in one line */
  line: string
  startedAt: number
  /** undefined when there is no further try */
  next: number | undefined
}

function outcomeOf(line: string): Outcome {
  const code = Number(line.slice(0, 3))
  const reply = splitEnhancedCode(code, line.slice(4))
  if (code < 400) return { kind: 'delivered', reply }
  return code < 500
    ? { kind: 'deferred', reason: line === BUSY ? `no service: ${line}` : line, reply, inDoubt: false }
    : { kind: 'failed', reason: line, reply }
}

async function recordOne({ store, random }: Past, given: Try): Promise<void> {
  const { record, delivery, number, line, startedAt, next } = given
  const domain = domainOf(delivery.recipient)
  await store.queue.recordResult({
    message: record.id,
    attempt: number,
    endedAt: startedAt + 30 + Math.floor(random() * 400),
    destination: `mx1.${domain} [192.0.2.${1 + ((domain.length * 7) % 200)}]:25`,
    tls: line === BUSY ? undefined : 'TLSv1.3 TLS_AES_256_GCM_SHA384',
    transcript: transcriptOf(record, delivery, line),
    inDoubt: false,
    results: [{ ordinal: delivery.ordinal, outcome: outcomeOf(line), nextAttemptAt: next }],
    notifications: [],
  })
}

function transcriptOf(record: MessageRecord, { recipient }: Delivery, line: string): string {
  const host = `mx1.${domainOf(recipient)}`
  if (line === BUSY) return `S: ${line}`
  const before = [
    `S: 220 ${host} ESMTP`,
    'C: EHLO relay.mailward.example',
    `S: 250-${host}`,
    'S: 250 STARTTLS',
    'C: STARTTLS',
    'S: 220 2.0.0 ready to start TLS',
    'C: EHLO relay.mailward.example',
    `S: 250-${host}`,
    'S: 250 8BITMIME',
    `C: MAIL FROM:<${record.envelope.from}> BODY=8BITMIME`,
    'S: 250 2.1.0 ok',
    `C: RCPT TO:<${recipient}>`,
  ]
  const after =
    line === TAKEN ? ['S: 250 2.1.5 ok', 'C: DATA', 'S: 354 go ahead', `C: (message, ${record.size} bytes)`] : []
  return [...before, ...after, `S: ${line}`].join('\n')
}
