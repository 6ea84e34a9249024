/** Figures of accounts that become signals, what other thresholds would have found, and the end of signals. */

import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createAnomalyDetection } from '../../src/abuse/signals/anomalyDetection.ts'
import { createSignalPolicy } from '../../src/abuse/signals/signalRules.ts'
import { createWatch } from '../../src/abuse/signals/watch.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import { DAY_MS, dayOf, KEEP_DAYS } from '../../src/model/retention.ts'
import {
  bounceExcess,
  complaintWeight,
  defaultSignalThresholds,
  MOST_OF_A_REPORTER,
  median,
  SUSPICIOUS,
  volumeExcess,
} from '../../src/model/signal.ts'
import type { NewSignal } from '../../src/store/signals.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { delivered, logKey, StoreFixture } from '../support/storeFixture.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const unknown: Outcome = {
  kind: 'failed',
  reason: 'no such user',
  reply: { code: 550, enhancedCode: '5.1.1', text: 'no such user' },
}
const everything = {
  account: undefined,
  unmatched: false,
  kind: undefined,
  since: undefined,
  unassigned: false,
  before: undefined,
  limit: 100,
}
/** noon, so that a test does not run into another day */
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2

let fixture: StoreFixture
let isOpen = false

afterEach(async () => {
  if (isOpen) await fixture.close()
  isOpen = false
})

async function opened(thresholds: object = {}) {
  fixture = await StoreFixture.open(NOON)
  isOpen = true
  const { settings } = fixture.store
  await settings.set('signals.thresholds', thresholds)
  const policy = createSignalPolicy(settings)
  await policy.load()
  const clock = { now: () => fixture.time }
  return { policy, clock, care: createAnomalyDetection({ store: fixture.store, policy, clock, log: quiet }) }
}

async function found() {
  return (await fixture.store.signals.list(everything)).signals
}

/** Submits messages of the account, each with this outcome. */
async function send(count: number, outcome: Outcome = delivered): Promise<number[]> {
  const ids: number[] = []
  for (let i = 0; i < count; i++) ids.push(await fixture.deliver({ credential: 1 }, outcome))
  // counts are written down a moment after: stopping does it at once
  await fixture.reopen()
  return ids
}

test('too many unknown users signal once, with the messages behind it', async () => {
  await opened({ leastDeliveries: 10 })
  await send(9)
  const failed = await send(2, unknown)
  const care = await careNow()
  await care.poll()
  await care.poll()
  const [signal, ...others] = await found()
  expect(others).toEqual([])
  expect(signal).toMatchObject({ account: 1, kind: 'bounces', source: 'volume', times: 1 })
  expect(signal!.summary).toBe('2 of 11 deliveries today (18.2 %) failed for unknown users or domains')
  expect(signal!.messages.toSorted((a, b) => a - b)).toEqual(failed)
})

/** The care of a store that was opened anew. */
async function careNow() {
  const policy = createSignalPolicy(fixture.store.settings)
  await policy.load()
  return createAnomalyDetection({ store: fixture.store, policy, clock: { now: () => fixture.time }, log: quiet })
}

/** Writes volumes of the account, so many days before today each, while nobody has the files. */
async function usually(messages: number, days: number): Promise<void> {
  await fixture.reopen(() => {
    const path = join(fixture.folder, 'mailward.db')
    const database = openConnection({ path, key: logKey, cacheKiB: 512 })
    const insert = database.prepare('INSERT INTO volume VALUES (1, ?, ?, 0, 0, 0)')
    for (let ago = 1; ago <= days; ago++) insert.run(dayOf(NOON - ago * DAY_MS), messages)
    database.close()
  })
}

test('a day far over the account’s own days before is a jump, one like them is not', async () => {
  await opened({ volumeFloor: 10, volumeFactor: 3 })
  await usually(4, 14)
  await send(12)
  await (await careNow()).poll()
  expect(await found()).toEqual([])
  await send(1)
  await (await careNow()).poll()
  expect(await found()).toMatchObject([{ kind: 'volume jump', account: 1 }])
  expect((await found())[0]!.summary).toBe('13 messages today, against a median of 4 on the 14 days before')
  expect((await found())[0]!.messages).toHaveLength(13)
})

test('messages to traps and to many at once are noticed, those of the relay itself are not', async () => {
  const { policy, clock } = await opened({ recipients: 3 })
  await fixture.store.settings.set('signals.traps', ['nobody@trap.example'])
  await policy.load()
  const scoring = { offer: () => undefined, settled: async () => undefined }
  const watch = createWatch({ store: fixture.store, policy, scoring, clock, log: quiet })
  const many = ['a@x.example', 'b@x.example', 'c@x.example', 'Nobody@Trap.example']
  const message = fixture.message({ credential: 1, to: many })
  watch(message, false)
  watch(fixture.message({ to: many }), false)
  watch(fixture.message({ credential: 1, to: many.slice(0, 3) }), false)
  // written after what the watch wrote
  await fixture.store.signals.add([])
  const signals = await found()
  const { id } = message.record
  expect(signals.map(({ kind, messages }) => ({ kind, messages }))).toEqual([
    { kind: 'spam trap', messages: [id] },
    { kind: 'many recipients', messages: [id] },
  ])
  expect(JSON.stringify(signals)).not.toMatch(/trap\.example|x\.example/)
})

function fact(at: number, changes: Partial<NewSignal> = {}): NewSignal {
  const words = { kind: 'spam trap', summary: 'x', source: 'acceptance', fact: 'trap' } as const
  return { ...words, account: 1, weight: 10, messages: [1], value: undefined, at, ...changes }
}

test('the same fact is one signal a day: its messages gather, the higher weight counts', async () => {
  await opened()
  const { signals } = fixture.store
  const now = fixture.time
  await signals.add([fact(now)])
  await signals.add([fact(now + 1000, { messages: [2], weight: 30 })])
  await signals.add([fact(now + 2000, { messages: [3], account: 2 })])
  expect(await found()).toMatchObject([
    { account: 2, times: 1, messages: [3] },
    { account: 1, times: 2, messages: [1, 2], weight: 30 },
  ])
  await signals.add([fact(now + DAY_MS + 1, { messages: [4] })])
  expect(await found()).toMatchObject([{ messages: [4], times: 1 }, {}, {}])
})

test('signals are listed by account, kind, time and page', async () => {
  await opened()
  const { signals } = fixture.store
  const now = fixture.time
  await signals.add([
    fact(now, { fact: '1' }),
    fact(now + 1, { fact: '2', kind: 'bounces' }),
    fact(now + 2, { fact: '3', account: undefined, kind: 'complaint' }),
  ])
  const ids = async (query: object) => (await signals.list({ ...everything, ...query })).signals.map(({ id }) => id)
  expect(await ids({})).toEqual([3, 2, 1])
  expect(await ids({ account: 1 })).toEqual([2, 1])
  expect(await ids({ unmatched: true })).toEqual([3])
  expect(await ids({ kind: 'bounces' })).toEqual([2])
  expect(await ids({ since: now + 1 })).toEqual([3, 2])
  const first = await signals.list({ ...everything, limit: 2 })
  expect(first.next).toBe(2)
  expect(await ids({ before: first.next, limit: 2 })).toEqual([1])
})

test('signals go after 70 days, and so does mail nobody read', async () => {
  const { care } = await opened()
  const now = fixture.time
  await fixture.store.signals.add([fact(now - KEEP_DAYS * DAY_MS - 1, { fact: 'old' }), fact(now - DAY_MS)])
  const old = { desk: 'other', client: '192.0.2.9', receivedAt: now - KEEP_DAYS * DAY_MS - 1 }
  await fixture.store.desk.take({ ...old, content: Buffer.from('x') })
  await care.poll()
  expect((await found()).map(({ at }) => at)).toEqual([now - DAY_MS])
  expect(await fixture.store.desk.waiting()).toBe(0)
})

test('other thresholds are tried on what is stored', async () => {
  await opened()
  await send(20, unknown)
  fixture.time += DAY_MS
  await send(60)
  const { signals } = fixture.store
  const now = fixture.time
  await signals.add([fact(now, { kind: 'many recipients', value: 300 })])
  const since = now - KEEP_DAYS * DAY_MS
  const simulate = async (changes: object) => signals.simulate({ ...defaultSignalThresholds, ...changes }, since, now)
  expect(await simulate({})).toEqual([{ kind: 'many recipients', account: 1, count: 1 }])
  expect(await simulate({ recipients: 400, leastDeliveries: 10, volumeFloor: 50, volumeFactor: 2 })).toEqual([
    { kind: 'bounces', account: 1, count: 1 },
    { kind: 'volume jump', account: 1, count: 1 },
  ])
})

test('one reporter’s complaints cannot weigh as much as suspicion does', () => {
  expect(MOST_OF_A_REPORTER * complaintWeight(defaultSignalThresholds)).toBeLessThan(SUSPICIOUS)
})

test('the figures: medians, shares, and what they weigh', () => {
  expect([median([]), median([3]), median([1, 9, 2]), median([4, 1, 2, 3])]).toEqual([0, 3, 2, 2.5])
  const day = { messages: 100, delivered: 80, failed: 20, bounced: 20 }
  expect(bounceExcess(day, defaultSignalThresholds)).toEqual({ value: 0.2, weight: 50 })
  expect(bounceExcess({ ...day, bounced: 10 }, defaultSignalThresholds)).toBeUndefined()
  expect(bounceExcess({ ...day, delivered: 10 }, defaultSignalThresholds)).toBeUndefined()
  expect(bounceExcess({ ...day, bounced: 0 }, { ...defaultSignalThresholds, bounceRate: 0 })).toBeUndefined()
  const usual = new Array<number>(14).fill(100)
  expect(volumeExcess(500, usual, defaultSignalThresholds)).toBeUndefined()
  expect(volumeExcess(1000, usual, defaultSignalThresholds)).toEqual({ value: 10, weight: 50 })
  expect(volumeExcess(499, [], defaultSignalThresholds)).toBeUndefined()
  expect(volumeExcess(5000, [], defaultSignalThresholds)).toEqual({ value: 5000, weight: 25 })
})
