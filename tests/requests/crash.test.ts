/**
 * The desk dies at every one of its steps, before or after the step has reached the disk; the next one goes on. In the end
 * everything was done, and nothing twice.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RequestMove } from '../../src/model/request.ts'
import type { RequestParts } from '../../src/privacy/requests/context.ts'
import { firstExecution } from '../../src/privacy/requests/firstExecution.ts'
import { createRequestService, type RequestService } from '../../src/privacy/requests/requests.ts'
import type { NewRequest, RequestRecord } from '../../src/store/requests.ts'
import { StoreFixture } from '../support/storeFixture.ts'

const ann = { id: 7, email: 'ann@relay.example' }
const quiet = { debug() {}, info() {}, warn() {}, error() {} }
let fixture: StoreFixture
/** letters that went out, as `request kind` */
let sent: string[] = []
let messages = 1

beforeAll(async () => {
  fixture = await StoreFixture.open()
})
afterAll(() => fixture.close())

/** Counts calls that write, and dies at the one meant: with its effect or without. */
class Death {
  private left: number
  private readonly afterEffect: boolean
  isDead = false

  constructor(at: number, afterEffect: boolean) {
    this.left = at
    this.afterEffect = afterEffect
  }

  async call<T>(effect: () => Promise<T>): Promise<T> {
    if (this.isDead) throw new Error('dead')
    if (--this.left > 0) return effect()
    this.isDead = true
    if (this.afterEffect) await effect()
    throw new Error('dead')
  }

  /** The same object, every method that writes counted. */
  over<T extends object>(object: T, writes: readonly string[]): T {
    return new Proxy(object, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver)
        if (typeof value !== 'function' || !writes.includes(String(name))) return value
        return (...given: unknown[]) => this.call(() => (value as (...all: unknown[]) => Promise<unknown>)(...given))
      },
    })
  }
}

function deskThatDies(death: Death): RequestService {
  const { store } = fixture
  const requests = death.over(store.requests, ['step', 'executed', 'letterSent', 'forget', 'bindHold'])
  const subjects = death.over(store.subjects, ['erase', 'suppress'])
  const parts: RequestParts = {
    store: { ...store, requests, subjects },
    dataExports: { build: () => Promise.resolve(undefined), list: () => Promise.resolve([]) },
    backups: { list: () => Promise.resolve([]) },
    send: (_account, _to, { subject }) =>
      death.call(() => {
        sent.push(subject)
        // no row of the log: as if it had been delivered and its day were over
        return Promise.resolve({ kind: 'accepted', id: messages++ })
      }),
    hostname: 'relay.test',
    clock: { now: () => fixture.time },
    log: quiet,
  }
  return createRequestService(parts)
}

/** What a person does next, once what is done by itself has ended. */
async function nextAct(desk: RequestService, record: RequestRecord): Promise<void> {
  const { requests } = fixture.store
  const act = { request: record.id, actor: ann, at: fixture.time }
  const step = (move: RequestMove) => ({ move, letters: [], text: move, reason: '' })
  if (record.state === 'received') await requests.confirm(act, 'passport seen')
  if (record.state === 'identified') await requests.step(act, step('decide'))
  if (record.state === 'decided')
    await requests.step(act, { ...step('execute'), execution: firstExecution(ann, fixture.time) })
  if (record.state === 'executed') {
    const letter = desk.drafts.letter(record, 'answer', await desk.drafts.answer(record))!
    await requests.step(act, { ...step('answer'), letters: [letter] })
  }
}

/** Goes on until it is over, or the desk is dead. */
async function live(desk: RequestService, death: Death, id: number): Promise<void> {
  for (let turn = 0; turn < 20 && !death.isDead; turn++) {
    desk.care.wake()
    await desk.care.settled()
    const record = (await fixture.store.requests.get(id))!
    if (record.erasedAt !== undefined) break
    if (!death.isDead) await nextAct(desk, record)
  }
  await desk.stop()
}

function given(address: string): NewRequest {
  return {
    kind: 'deletion',
    track: 'third party',
    subject: address,
    account: undefined,
    source: 'hand',
    receivedAt: fixture.time,
    parent: undefined,
    text: 'Please delete everything.',
    correction: '',
    suppress: true,
    identity: undefined,
    guess: undefined,
    acknowledgement: undefined,
    inbox: undefined,
  }
}

/** Lives twice: the first life ends at a step, the second has no end set. Returns whether the first was cut off. */
async function twoLives(at: number, afterEffect: boolean): Promise<boolean> {
  const { requests, subjects, audit, log } = fixture.store
  const address = `p${at}${afterEffect ? 'after' : 'before'}@kestrel.example`
  const mine = await fixture.deliver({ to: [address] })
  const theirs = await fixture.deliver({ to: [address, 'ann@harrier.example'] })
  const opened = await requests.open(given(address), ann, fixture.time)
  if (opened.kind !== 'opened') throw new Error(opened.kind)
  sent = []
  const death = new Death(at, afterEffect)
  await live(deskThatDies(death), death, opened.id)
  const never = new Death(Number.MAX_SAFE_INTEGER, false)
  await live(deskThatDies(never), never, opened.id)

  const record = (await requests.get(opened.id))!
  expect(record, `dead at ${at}`).toMatchObject({
    state: 'closed',
    outcome: 'done',
    subject: expect.not.stringContaining('@'),
  })
  expect(record.execution).toMatchObject({ state: 'done', waiting: [] })
  expect(record.execution!.destroyed.headers, `dead at ${at}`).toBe(1)
  expect(record.execution!.destroyed.redacted).toBe(1)
  expect(new Set(record.receipts).size).toBe(record.receipts.length)
  expect(await log.get(mine)).toBeUndefined()
  expect((await log.get(theirs))!.deliveries.map(({ recipient }) => recipient)).toContain('ann@harrier.example')
  expect(subjects.suppressions().filter(({ request }) => request === opened.id)).toHaveLength(1)
  expect(JSON.stringify(record)).not.toContain(address)
  const { rows } = await audit.list({ action: 'requests' }, 500, undefined)
  const entries = rows.filter(({ facts }) => facts.request === opened.id)
  // how the person was known is as much about the person as the address
  expect(JSON.stringify(entries)).not.toContain('passport')
  const own = entries.map(({ action }) => action)
  for (const action of ['requests.finish', 'requests.answer', 'requests.settle'])
    expect(
      own.filter((one) => one === action),
      action,
    ).toHaveLength(1)
  // a letter whose sending was not written down goes out again; at worst it is there twice
  const answers = sent.filter((subject) => subject.startsWith(`[request ${opened.id}]`)).length
  expect(answers).toBeGreaterThanOrEqual(1)
  expect(answers).toBeLessThanOrEqual(2)
  return death.isDead
}

test.each([false, true])(
  'wherever the desk dies, it is done in the end (effect on disk: %s)',
  async (afterEffect) => {
    let at = 1
    while (await twoLives(at, afterEffect)) at++
    // as many steps as there are to die at
    expect(at).toBeGreaterThan(8)
    expect((await fixture.store.audit.verify('test', [])).findings).toEqual([])
  },
  120_000,
)

test.each([
  ['', 'held@kestrel.example'],
  [', also where an account ordered it and took that back', 'ordered@kestrel.example'],
])('what a legal hold keeps is told in the answer, and goes when the hold is released%s', async (order, address) => {
  const { requests, holds, log } = fixture.store
  const before = (await fixture.store.log.days()).reduce((sum, { records }) => sum + records, 0)
  const record = await fixture.deliver({ to: [address] })
  await fixture.archived(before + 1)
  const act = { actor: ann.email, at: fixture.time, reason: 'a claim' }
  const hold = await holds.place({ kind: 'address', address }, act)
  const opened = await requests.open(given(address), ann, fixture.time)
  if (opened.kind !== 'opened') throw new Error(opened.kind)
  const never = new Death(Number.MAX_SAFE_INTEGER, false)
  if (order !== '') {
    const ordered = { ...given(address), track: 'account', account: 1, parent: opened.id } as const
    const made = await requests.open(ordered, ann, fixture.time)
    if (made.kind !== 'opened') throw new Error(made.kind)
    const act = { request: made.id, actor: ann, at: fixture.time }
    await requests.step(act, { move: 'close', outcome: 'withdrawn', letters: [], text: 'oh', reason: 'oh' })
    await requests.confirm({ ...act, request: opened.id }, 'passport seen')
    await requests.step({ ...act, request: opened.id }, { move: 'decide', letters: [], text: 'here', reason: '' })
  }
  await live(deskThatDies(never), never, opened.id)
  const waiting = (await requests.get(opened.id))!
  expect(waiting).toMatchObject({ state: 'closed', outcome: 'done', subject: address, erasedAt: undefined })
  expect(waiting.letters.at(-1)!.text).toMatch(/What stays for now: .*1 in header records \(a legal hold keeps it\)/)
  expect(waiting.letters.at(-1)!.text).toContain('as soon as what stays for now has gone')
  expect(await log.get(record)).toBeDefined()

  await holds.release(hold.id, { ...act, reason: 'settled' })
  await live(deskThatDies(never), never, opened.id)
  expect((await requests.get(opened.id))!.subject).not.toContain('@')
  expect(await log.get(record)).toBeUndefined()
})
