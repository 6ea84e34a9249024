/** Fills a data folder with header records of 70 days, by the store's own day writer, in two worker threads. */

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { MessageStatus } from '../src/model/delivery.ts'
import { firstIdAt } from '../src/model/id.ts'
import { DAY_MS, dayOf, keepUntil, startOfDay } from '../src/model/retention.ts'
import { openStore } from '../src/store/index.ts'
import { type DayRecord, DayWriter, dayPath } from '../src/store/sqlite/days/dayFile.ts'
import { encodeOutcome } from '../src/store/sqlite/messages/outcome.ts'
import { openConnection } from '../src/store/sqlite/thread/connection.ts'
import { codeOf } from '../src/store/sqlite/thread/schema.ts'

/** The log key of folders filled here, unless another is given: 32 bytes. */
export const benchKey = new Uint8Array(32).fill(5)

export interface Fill {
  folder: string
  key: Uint8Array
  /** records in all */
  records: number
  /** days back from today over which they are spread evenly */
  days: number
  now: number
  /** a person whom every so many-th record is to */
  person?: Planted
  onProgress?: (records: number) => void
}

/** Somebody to be found among the others. */
export interface Planted {
  address: string
  every: number
}

interface DayTask {
  folder: string
  day: string
  key: Uint8Array
  records: number
  person: Planted | undefined
}

const BATCH = 2000
const ACCOUNTS = 40
const verbs = ['Your invoice', 'Order', 'Reminder for', 'Delivery note', 'Statement', 'Receipt', 'Ticket', 'Newsletter']
const things = ['is ready', 'has shipped', 'was updated', 'for November', 'from heron', 'needs your answer', 'closed']
const users = ['tom', 'pia', 'lena.vogel', 'ops', 'accounts', 'j.doe', 'maria', 'support', 'info', 'sales']

/** A small fast generator, so that two runs make the same records. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

function statusFor(random: number): MessageStatus {
  if (random < 0.0005) return 'cancelled'
  if (random < 0.002) return 'expired'
  if (random < 0.004) return 'mixed'
  return random < 0.02 ? 'failed' : 'delivered'
}

function recordAt(day: string, index: number, of: number, random: () => number, person?: Planted): DayRecord {
  const acceptedAt = startOfDay(day) + Math.floor((index / of) * DAY_MS)
  const id = firstIdAt(acceptedAt) + (index % 4096)
  const account = 1 + Math.floor(random() ** 2 * ACCOUNTS)
  const domain = `customer${Math.floor(random() ** 3 * 20_000)}.example`
  const somebody = `${users[Math.floor(random() * users.length)]}${Math.floor(random() * 50)}@${domain}`
  const recipient = person && index % person.every === 0 ? person.address : somebody
  const sender = `billing@account${account}.example`
  const number = Math.floor(random() * 1e6)
  const subject = `${verbs[Math.floor(random() * verbs.length)]} ${number} ${things[Math.floor(random() * things.length)]}`
  const status = statusFor(random())
  const address = `10.0.${account}.${Math.floor(random() * 8)}`
  const messageId = `${id}.${number}@account${account}.example`
  const delivery = {
    message: id,
    ordinal: 0,
    recipient,
    options: null,
    destination: domain,
    state: codeOf(status === 'mixed' ? 'delivered' : status),
    reason: '250 2.0.0 queued as 4C5F1A2B',
    next_at: null,
    attempts: 1,
    in_doubt: random() < 0.0001 ? 1 : 0,
  }
  const transcript = [
    'S: 220 mx1 ESMTP',
    'C: EHLO relay.example',
    'S: 250-mx1 250-PIPELINING 250-SIZE 250 8BITMIME',
    `C: MAIL FROM:<${sender}> SIZE=4096`,
    `C: RCPT TO:<${recipient}>`,
    'C: DATA',
    'S: 250 2.1.0 Ok',
    'S: 250 2.1.5 Ok',
    'S: 354 End data with <CR><LF>.<CR><LF>',
    'C: (message, 4096 bytes)',
    'S: 250 2.0.0 queued as 4C5F1A2B',
  ].join('\n')
  const attempt = {
    number: 1,
    ordinals: '[0]',
    started_at: acceptedAt + 3,
    ended_at: acceptedAt + 40,
    destination: `mx1.${domain} [192.0.2.7]:25`,
    tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
    code: 250,
    enhanced_code: '2.0.0',
    reply: 'queued as 4C5F1A2B',
    transcript,
    in_doubt: delivery.in_doubt,
  }
  const headers = [
    `Received: from app.account${account}.example (unknown [${address}])\r\n by relay.example with ESMTPSA id ${id};`,
    ` ${new Date(acceptedAt).toUTCString()}`,
    `From: Billing <${sender}>`,
    `To: ${recipient}`,
    `Subject: ${subject}`,
    `Message-ID: <${messageId}>`,
    `Date: ${new Date(acceptedAt).toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    '\r\n',
  ].join('\r\n')
  return {
    id,
    account,
    credential: account,
    acceptedAt,
    sender,
    recipients: [recipient],
    subject,
    messageId,
    size: Math.floor(2 ** (9 + random() ** 3 * 14)),
    status,
    keepUntil: keepUntil(acceptedAt),
    sampled: 0,
    number: null,
    inDoubt: delivery.in_doubt === 1,
    extra: JSON.stringify([address, 'app', null, 0, 1, null, null]),
    clientAddress: address,
    outcome: encodeOutcome([delivery], [attempt]),
    headers: Buffer.from(headers),
  }
}

function fillDay({ folder, day, key, records, person }: DayTask): void {
  const writer = new DayWriter(dayPath(folder, day, 0), key)
  writer.database.pragma('synchronous=OFF')
  const random = generator(startOfDay(day) / DAY_MS)
  for (let done = 0; done < records; done += BATCH) {
    const size = Math.min(BATCH, records - done)
    writer.add(Array.from({ length: size }, (_, i) => recordAt(day, done + i, records, random, person)))
  }
  while (writer.tidy());
  writer.close()
}

/** Makes the folder (with forty accounts) and fills it. */
export async function fill({ folder, key, records, days, now, person, onProgress }: Fill): Promise<void> {
  const store = await openStore({ folder, logKey: key, now: () => now })
  for (let n = 1; n <= ACCOUNTS; n++) {
    await store.directory.addAccount({
      name: `account${n}`,
      contact: `ops@account${n}.example`,
      domains: [`account${n}.example`],
    })
  }
  await store.stop()
  const main = openConnection({ path: join(folder, 'mailward.db'), key, cacheKiB: 2048 })
  const insert =
    main.prepare(`INSERT INTO day (day, key, records, min_id, max_id, oldest_at, youngest_at, youngest_keep, persons)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)`)
  const perDay = Math.ceil(records / days)
  const tasks: DayTask[] = []
  for (let back = days - 1; back >= 0; back--) {
    const day = dayOf(now - back * DAY_MS)
    const dayKey = randomBytes(32)
    const start = startOfDay(day)
    const last = start + Math.floor(((perDay - 1) / perDay) * DAY_MS)
    insert.run(day, dayKey, perDay, firstIdAt(start), firstIdAt(last) + 4095, start, last, keepUntil(last))
    tasks.push({ folder, day, key: dayKey, records: perDay, person })
  }
  main.close()
  let done = 0
  const worker = async (): Promise<void> => {
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const run = new Worker(new URL(import.meta.url), { workerData: task })
      await new Promise<void>((resolve, reject) => {
        run.once('error', reject)
        run.once('exit', () => resolve())
      })
      done += task.records
      onProgress?.(done)
    }
  }
  await Promise.all([worker(), worker()])
}

if (!isMainThread && parentPort && (workerData as DayTask | undefined)?.day) fillDay(workerData as DayTask)
