/** The care of the policy and of consents over a real store: what is sent to whom, and what happens on the date. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import type { SendSystemMail } from '../../src/mta/queue/systemMail.ts'
import { createConsents } from '../../src/privacy/consents/consents.ts'
import { createPolicyChanges } from '../../src/privacy/policy/policyChanges.ts'
import { attemptResult, StoreFixture } from '../support/storeFixture.ts'

const time = Date.UTC(2026, 10, 23, 12)
const log = { debug() {}, info() {}, warn() {}, error() {} }
const content = { text: 'We keep little.', owner: 'Acme Ltd', keepDays: 30 }

let fixture: StoreFixture
/** addresses that were written to, with the message */
let sent: { to: string; account: number; subject: string; message: number }[]
let isFull: boolean

beforeEach(async () => {
  fixture = await StoreFixture.open(time)
  sent = []
  isFull = false
})
afterEach(() => fixture.close())

/** Puts a letter into the store as one that is being sent; refused while the relay is full. */
const send: SendSystemMail = async (account, to, { subject }) => {
  if (isFull) return { kind: 'refused', reply: { code: 452, enhancedCode: '4.3.1', text: 'full' } }
  const message = fixture.message({ account, from: '', to: [to], subject, state: 'sending' })
  await fixture.store.queue.accept(message)
  sent.push({ to, account, subject, message: message.record.id })
  const reply = { code: 550, enhancedCode: '5.1.1', text: 'no such user' }
  const reason = '550 5.1.1 no such user'
  await fixture.store.queue.recordResult(attemptResult(message, { kind: 'failed', reason, reply }))
  return { kind: 'accepted', id: message.record.id }
}

function act(reason = 'because') {
  return { actor: 'ann@relay.example', at: fixture.time, reason }
}

test('a change is told once, its failure is kept as evidence, and it takes effect on its date and not before', async () => {
  const { store } = fixture
  const { policy, directory } = store
  let believed = time
  let runs = 0
  const clock = { now: () => fixture.time }
  const runRetention = async () => void runs++
  const care = createPolicyChanges({
    store,
    hostname: 'relay.test',
    send,
    clock,
    destroyBy: () => believed,
    runRetention,
    log,
  })
  await policy.begin({ text: 'We keep a lot.', owner: 'Acme Ltd' }, time)
  await policy.prepare(content, act())
  await policy.announce(2, time + 2 * DAY_MS, act())

  isFull = true
  await care.poll()
  expect(await policy.letters(2)).toMatchObject([{ message: undefined }])
  isFull = false
  await care.poll()
  await care.poll()
  expect(sent).toMatchObject([
    { to: 'ops@acme.example', account: 1, subject: 'The policy of relay.test changes on 2026-11-25' },
  ])
  expect(await policy.letters(2)).toMatchObject([
    {
      message: sent[0]!.message,
      evidence: { state: 'failed', at: time + 10, reply: expect.stringContaining('550 5.1.1 no such user') },
    },
  ])

  // the wall clock says it is time; the clock that is believed does not
  fixture.time = time + 3 * DAY_MS
  believed = time + 2 * DAY_MS - 1
  await care.poll()
  expect([directory.policy().keepDays, runs]).toEqual([70, 0])
  believed += 1
  await care.poll()
  await care.poll()
  expect([directory.policy().keepDays, runs]).toEqual([30, 1])
  expect(await policy.get(2)).toMatchObject({ state: 'in force', inForceAt: fixture.time })
})

test('a change that is withdrawn while its letters go out goes to nobody else, and who got it is told', async () => {
  const { store } = fixture
  const { policy, directory } = store
  for (const name of ['bravo', 'coral'])
    await directory.addAccount({ name, contact: `ops@${name}.example`, domains: [] })
  const withdrawing: SendSystemMail = async (account, to, letter) => {
    const answer = await send(account, to, letter)
    if (to === 'ops@bravo.example') await policy.withdraw(2, act())
    return answer
  }
  const care = createPolicyChanges({
    store,
    hostname: 'relay.test',
    send: withdrawing,
    clock: { now: () => fixture.time },
    destroyBy: () => fixture.time,
    runRetention: async () => undefined,
    log,
  })
  await policy.begin({ text: 'We keep a lot.', owner: 'Acme Ltd' }, time)
  await policy.prepare(content, act())
  await policy.announce(2, time + 2 * DAY_MS, act())
  for (let looks = 0; looks < 3; looks++) await care.poll()
  expect(sent.map(({ to, subject }) => [to, subject])).toEqual([
    ['ops@acme.example', 'The policy of relay.test changes on 2026-11-25'],
    ['ops@bravo.example', 'The policy of relay.test changes on 2026-11-25'],
    ['ops@acme.example', 'The policy of relay.test does not change'],
    ['ops@bravo.example', 'The policy of relay.test does not change'],
  ])
  const letters = (await policy.letters(2)).map(({ to, about, evidence }) => `${to} ${about} ${evidence?.state}`)
  expect(letters.toSorted((one, other) => one.localeCompare(other))).toEqual([
    'ops@acme.example change failed',
    'ops@acme.example withdrawal failed',
    'ops@bravo.example change failed',
    'ops@bravo.example withdrawal failed',
  ])
})

test('who objected to mail of an account gets no mailing of it, whatever was agreed', async () => {
  const { store } = fixture
  const cancelled: unknown[] = []
  const cancel = async (...order: unknown[]) => {
    cancelled.push(order)
    return { deliveries: 0, skipped: 0 }
  }
  const consents = createConsents({ store, hostname: 'relay.test', send, act: cancel, clock: { now: () => time } })
  const purpose = 'product news'
  for (const address of ['tom@kestrel.example', 'una@kestrel.example'])
    await store.consents.give({ account: 1, address, purpose, source: 'by telephone' }, act())
  const hash = store.subjects.hash('Una@Kestrel.example')
  await store.subjects.suppress({ account: 1, hash, at: time, request: undefined }, 'ann@relay.example')
  const mailing = { purpose, subject: 'What is new', text: 'Much.', publicUrl: '' }
  expect(await consents.send(mailing)).toEqual({ sent: 1, left: 1 })
  expect(sent.map(({ to }) => to)).toEqual(['tom@kestrel.example'])
  // nothing was on its way: an empty order would mean the whole queue
  const [una] = await store.consents.list({ purpose })
  await consents.withdraw(una!.id, 'panel', act())
  expect(cancelled).toEqual([])
})
