/** A real store in a folder of its own, and messages to put into it. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IdClock } from '../../src/model/id.ts'
import type { Attempt, Delivery, MessageRecord } from '../../src/model/message.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import { keepUntil } from '../../src/model/retention.ts'
import { openStore } from '../../src/store/index.ts'
import { makeKeyPair } from '../../src/store/seal.ts'
import type { AttemptResult, NewMessage, Store } from '../../src/store/store.ts'

export const logKey = new Uint8Array(32).fill(7)
/** The seal key of folders of tests: its private part is what opens their samples. */
export const sealPair = makeKeyPair()
export const sealKey = { id: '0123456789abcdef', publicKey: sealPair.publicKey }

/** A folder that is gone when the test is. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'mailward-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export interface Sample {
  from?: string
  to?: string[]
  subject?: string
  body?: string
  acceptedAt?: number
  account?: number
  /** with one, the message counts as submitted by the account */
  credential?: number
  messageId?: string
  clientAddress?: string
  destination?: string
  state?: Delivery['state']
}

export class StoreFixture {
  readonly folder: string
  readonly ids: IdClock
  store: Store
  /** what the store believes the time is */
  time: number
  private readonly removeFolder: () => void

  private constructor(folder: string, removeFolder: () => void, store: Store, time: number) {
    this.folder = folder
    this.removeFolder = removeFolder
    this.store = store
    this.time = time
    this.ids = new IdClock(0)
  }

  static async open(time = Date.now()): Promise<StoreFixture> {
    const folder = temporaryFolder()
    const clock = { now: () => time }
    const store = await openStore({ folder: folder.path, logKey, sealKey, now: () => clock.now() })
    const fixture = new StoreFixture(folder.path, folder.remove, store, time)
    clock.now = () => fixture.time
    await store.directory.addAccount({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
    return fixture
  }

  /** Over a data folder that is there already and that nobody has open. It stays when the fixture is closed. */
  static async on(folder: string, key: Uint8Array, time = Date.now()): Promise<StoreFixture> {
    const store = await openStore({ folder, logKey: key, now: () => time })
    return new StoreFixture(folder, () => undefined, store, time)
  }

  /** Stops the store and opens it again; `between` runs while nobody has its files. */
  async reopen(between?: () => void): Promise<void> {
    await this.store.stop()
    between?.()
    this.store = await openStore({ folder: this.folder, logKey, now: () => this.time })
  }

  /** Opens the folder of a store that was stopped before, or whose process was killed. */
  async reopenAfterCrash(): Promise<void> {
    this.store = await openStore({ folder: this.folder, logKey, now: () => this.time })
  }

  async close(): Promise<void> {
    await this.store.stop()
    this.removeFolder()
  }

  /** Builds a message with one delivery a recipient. */
  message(sample: Sample = {}): NewMessage {
    const acceptedAt = sample.acceptedAt ?? this.time
    const subject = sample.subject ?? 'Your invoice'
    const from = sample.from ?? 'billing@acme.example'
    const to = sample.to ?? ['tom@kestrel.example']
    const headers = Buffer.from(`From: ${from}\r\nTo: ${to.join(', ')}\r\nSubject: ${subject}\r\n\r\n`)
    const body = Buffer.concat([headers, Buffer.from(`${sample.body ?? 'Hello'}\r\n`)])
    const record: MessageRecord = {
      id: this.ids.next(acceptedAt),
      account: sample.account ?? 1,
      credential: sample.credential,
      acceptedAt,
      envelope: { from, smtputf8: false, body: '8bitmime', ret: undefined, envid: undefined },
      subject,
      messageId: sample.messageId ?? `${acceptedAt}@acme.example`,
      size: body.length,
      headers,
      client: { address: sample.clientAddress ?? '192.0.2.7', helo: 'client.acme.example', tls: undefined },
      keepUntil: keepUntil(acceptedAt),
      sampled: false,
    }
    const state = sample.state ?? 'queued'
    const isSending = state === 'sending'
    const deliveries = to.map(
      (recipient, ordinal): Delivery => ({
        ordinal,
        recipient,
        options: { notify: undefined, orcpt: undefined },
        destination: sample.destination ?? 'kestrel.example',
        state,
        reason: 'waiting for its turn',
        nextAttemptAt: state === 'queued' ? acceptedAt : undefined,
        attempts: isSending ? 1 : 0,
        inDoubt: false,
      }),
    )
    return { record, body, deliveries, attempts: isSending ? [firstAttempt(deliveries, acceptedAt)] : [] }
  }

  /** Accepts a message that is being sent, and ends its attempt with one outcome for all. */
  async deliver(sample: Sample = {}, outcome: Outcome = delivered): Promise<number> {
    const message = this.message({ ...sample, state: 'sending' })
    await this.store.queue.accept(message)
    await this.store.queue.recordResult(attemptResult(message, outcome))
    return message.record.id
  }

  /** Waits until finished messages have moved to their day. */
  async archived(records: number): Promise<void> {
    for (;;) {
      const days = await this.store.log.days()
      if (days.reduce((sum, day) => sum + day.records, 0) >= records) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

export const delivered: Outcome = { kind: 'delivered', reply: { code: 250, enhancedCode: '2.0.0', text: 'stored' } }

/** The end of a message's first attempt, with the same outcome for each delivery. */
export function attemptResult(message: NewMessage, outcome: Outcome, nextAttemptAt?: number): AttemptResult {
  return {
    message: message.record.id,
    attempt: 1,
    endedAt: message.record.acceptedAt + 10,
    destination: 'mx1.kestrel.example [127.0.0.1]:25',
    tls: undefined,
    transcript: 'S: 220 mx1\nC: EHLO relay',
    inDoubt: outcome.kind === 'deferred' && outcome.inDoubt,
    results: message.deliveries.map(({ ordinal }) => ({ ordinal, outcome, nextAttemptAt })),
    notifications: [],
  }
}

function firstAttempt(deliveries: Delivery[], startedAt: number): Attempt {
  return {
    number: 1,
    ordinals: deliveries.map((delivery) => delivery.ordinal),
    startedAt,
    endedAt: undefined,
    destination: 'kestrel.example',
    tls: undefined,
    code: undefined,
    enhancedCode: undefined,
    reply: undefined,
    transcript: '',
    inDoubt: false,
  }
}
