/** What was closed long ago no longer says who asked. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { createRequestService } from '../../src/privacy/requests/requests.ts'
import type { NewRequest } from '../../src/store/requests.ts'
import { StoreFixture } from '../support/storeFixture.ts'

const ann = { id: 7, email: 'ann@relay.example' }
const quiet = { debug() {}, info() {}, warn() {}, error() {} }
let fixture: StoreFixture

beforeAll(async () => {
  fixture = await StoreFixture.open()
})
afterAll(() => fixture.close())

/** Looks once, as the relay does by itself each minute. */
async function poll(): Promise<void> {
  const desk = createRequestService({
    store: fixture.store,
    dataExports: { build: () => Promise.resolve(undefined), list: () => Promise.resolve([]) },
    backups: { list: () => Promise.resolve([]) },
    send: () => Promise.resolve({ kind: 'accepted', id: 1 }),
    hostname: 'relay.test',
    clock: { now: () => fixture.time },
    log: quiet,
  })
  desk.care.wake()
  await desk.care.settled()
  await desk.stop()
}

async function closed(subject: string, kind: NewRequest['kind'] = 'access'): Promise<number> {
  const { requests } = fixture.store
  const nothing = { account: undefined, parent: undefined, identity: undefined, guess: undefined, inbox: undefined }
  const given = {
    kind,
    track: 'third party',
    subject,
    source: 'hand',
    receivedAt: fixture.time,
    suppress: false,
  } as const
  const text = `I am ${subject}.`
  const opened = await requests.open(
    { ...nothing, ...given, text, correction: '', acknowledgement: undefined },
    ann,
    fixture.time,
  )
  if (opened.kind !== 'opened') throw new Error(opened.kind)
  const act = { request: opened.id, actor: ann, at: fixture.time }
  await requests.note(act, `${subject} called`)
  await requests.step(act, {
    move: 'close',
    outcome: 'withdrawn',
    letters: [],
    text: 'called off',
    reason: `called off ${opened.id}`,
  })
  return opened.id
}

test('requests that legal holds keep do not stand before those that go', async () => {
  const { requests, holds } = fixture.store
  const kept: number[] = []
  for (let n = 0; n < 101; n++) kept.push(await closed(`kept${n}@heron.example`))
  const period = { kind: 'period', since: fixture.time, until: fixture.time + 1 } as const
  const hold = await holds.place(period, { actor: ann.email, at: fixture.time, reason: 'a lawsuit' })
  fixture.time += DAY_MS
  const free = await closed('free@heron.example')
  fixture.time += 1096 * DAY_MS
  await poll()
  expect((await requests.get(free))!.subject).not.toContain('@')
  expect((await requests.get(kept.at(-1)!))!.subject).toBe('kept100@heron.example')
  await holds.release(hold.id, { actor: ann.email, at: fixture.time, reason: 'settled' })
})

test('a closed request says who asked for three years, unless a legal hold keeps it', async () => {
  const { audit, requests, holds, settings } = fixture.store
  const free = await closed('tom@kestrel.example')
  const withdrawn = await closed('una@kestrel.example', 'deletion')
  const held = await closed('vera@kestrel.example')
  const hold = await holds.place(
    { kind: 'address', address: 'Vera@kestrel.example' },
    { actor: ann.email, at: fixture.time, reason: 'a lawsuit' },
  )
  fixture.time += 1094 * DAY_MS
  await poll()
  expect(await requests.get(free)).toMatchObject({ subject: 'tom@kestrel.example', erasedAt: undefined })
  expect((await audit.list({ text: `called off ${free}` }, 100, undefined)).rows).toHaveLength(1)

  fixture.time += 2 * DAY_MS
  const late = await closed('will@kestrel.example')
  await poll()
  for (const id of [free, withdrawn]) {
    const record = (await requests.get(id))!
    expect(record).toMatchObject({ state: 'closed', outcome: 'withdrawn', erasedAt: fixture.time })
    expect(JSON.stringify(record)).not.toContain('kestrel')
    const { rows } = await audit.list({ text: `called off ${id}` }, 100, undefined)
    expect(rows).toEqual([])
  }
  expect((await requests.get(held))!.subject).toBe('vera@kestrel.example')

  await holds.release(hold.id, { actor: ann.email, at: fixture.time, reason: 'settled' })
  await poll()
  expect((await requests.get(held))!.subject).not.toContain('@')

  const entry = {
    actor: ann.email,
    at: fixture.time,
    reason: 'shorter',
    action: 'requests.setPolicy',
    object: '',
    facts: {},
    details: {},
  }
  await settings.set('requests.policy', { keepDays: 30 }, entry)
  fixture.time += 31 * DAY_MS
  await poll()
  expect((await requests.get(late))!.subject).not.toContain('@')
})
