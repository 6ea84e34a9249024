import { afterEach, describe, expect, test } from 'vitest'
import { EngineFixture } from '../support/engineFixture.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

let fixture: EngineFixture
afterEach(() => fixture.stop())

describe('from acceptance to the end', () => {
  test('a message is delivered as received, after a trace field, and its log entry says how', async () => {
    fixture = await EngineFixture.start()
    const id = await fixture.submit({ to: ['tom@kestrel.example', 'pia@heron.example'] })
    const detail = await fixture.status(id, 'delivered')
    const [message] = fixture.sink.messages
    expect(message!.data.toString()).toMatch(/^Received: from .*\r\nFrom: billing@acme.example\r\nTo: .*Hello\r\n$/s)
    expect(message!.recipients.map(({ address }) => address)).toEqual(['tom@kestrel.example', 'pia@heron.example'])
    expect(fixture.sink.messages).toHaveLength(1)
    expect(detail.attempts).toHaveLength(1)
    expect(detail.attempts[0]!.transcript).toContain('C: RCPT TO:<pia@heron.example>')
  })

  test('more recipients than one transaction takes go in several', async () => {
    fixture = await EngineFixture.start()
    const id = await fixture.submit({ to: Array.from({ length: 250 }, (_, n) => `r${n}@kestrel.example`) })
    const detail = await fixture.status(id, 'delivered')
    expect(fixture.sink.messages.map((message) => message.recipients.length).sort((a, b) => b - a)).toEqual([
      100, 100, 50,
    ])
    expect(detail.attempts.map((attempt) => attempt.ordinals.length).sort((a, b) => b - a)).toEqual([100, 100, 50])
  })

  test('a temporary refusal is tried again at its time, and only for the recipient it was about', async () => {
    fixture = await EngineFixture.start()
    const id = await fixture.submit({ to: ['tempfail2@kestrel.example', 'tom@kestrel.example'] })
    const first = await fixture.until(id, (detail) => detail.deliveries[0]!.state === 'deferred')
    expect(first.status).toBe('mixed')
    expect(first.deliveries[0]!.reason).toContain('try later')
    fixture.advance(2 * MINUTE)
    await fixture.until(id, ({ deliveries: [first] }) => first!.attempts === 2 && first!.state === 'deferred')
    fixture.advance(10 * MINUTE)
    const last = await fixture.status(id, 'delivered')
    expect(last.deliveries.map((delivery) => delivery.attempts)).toEqual([3, 1])
    expect(fixture.sink.messages).toHaveLength(2)
  })

  test('a permanent refusal fails and tells the sender, once', async () => {
    fixture = await EngineFixture.start()
    const id = await fixture.submit({ to: ['permfail@kestrel.example', 'tom@kestrel.example'] })
    await fixture.status(id, 'mixed')
    await fixture.sink.received(2)
    const report = fixture.sink.messages.find((message) => message.from === '')!
    expect(report.recipients.map(({ address }) => address)).toEqual(['billing@acme.example'])
    expect(report.data.toString()).toContain('Final-Recipient: rfc822; permfail@kestrel.example')
    expect(report.data.toString()).toContain('Subject: Your invoice')
    expect(report.data.toString()).not.toContain('Hello')
  })

  test('a notification that cannot be delivered causes no other', async () => {
    fixture = await EngineFixture.start()
    const id = await fixture.submit({ from: 'permfail@acme.example', to: ['permfail@kestrel.example'] })
    await fixture.status(id, 'failed')
    const page = await fixture.store.log.search({ from: '' }, 10, undefined, 5000)
    const notification = page.rows.find((row) => row.from === '')!
    await fixture.status(notification.id, 'failed')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await fixture.store.log.search({}, 10, undefined, 5000)).rows).toHaveLength(2)
  })

  test('after five days without success a delivery expires and its sender is told', async () => {
    fixture = await EngineFixture.start()
    const id = await fixture.submit({ to: ['tempfail@kestrel.example'] })
    await fixture.status(id, 'deferred')
    fixture.advance(5 * DAY)
    const detail = await fixture.status(id, 'expired')
    expect(detail.deliveries[0]!.reason).toMatch(/gave up after 5 days; last: .*try later/)
    await fixture.sink.received(1)
    expect(fixture.sink.messages[0]!.from).toBe('')
  })

  test('a connection lost after the final dot is in doubt, tried again, and stays listed', async () => {
    fixture = await EngineFixture.start()
    const id = await fixture.submit({ to: ['disconnect-dot@kestrel.example'] })
    const detail = await fixture.status(id, 'deferred')
    expect(detail.deliveries[0]!.inDoubt).toBe(true)
    expect(detail.attempts[0]!.inDoubt).toBe(true)
    await fixture.engine.act('retry', {}, '')
    await fixture.sink.received(2)
    const page = await fixture.store.log.search({ inDoubt: true }, 10, undefined, 5000)
    expect(page.rows.map((row) => row.id)).toEqual([id])
  })
})

describe('routes', () => {
  test('captured mail is held with its reason, survives a restart, and goes out when released to a route', async () => {
    fixture = await EngineFixture.start()
    await fixture.route('*', { kind: 'capture' })
    const id = await fixture.submit({ to: ['tom@kestrel.example'] })
    const held = await fixture.detail(id)
    expect(held.deliveries[0]).toMatchObject({ state: 'held', reason: expect.stringContaining('capture') })
    await fixture.restart()
    await fixture.engine.act('release', {}, '')
    await fixture.status(id, 'held')
    await fixture.route('*', fixture.toSink)
    await fixture.engine.act('release', {}, '')
    await fixture.status(id, 'delivered')
  })

  test('mail that waits when its route becomes reject fails, and its sender is told', async () => {
    fixture = await EngineFixture.start()
    const id = await fixture.submit({ to: ['tempfail@kestrel.example'] })
    await fixture.status(id, 'deferred')
    await fixture.route('kestrel.example', { kind: 'reject', reason: 'we do not write to kestrel' })
    await fixture.engine.act('retry', {}, '')
    const detail = await fixture.status(id, 'failed')
    expect(detail.deliveries[0]!.reason).toContain('we do not write to kestrel')
    await fixture.sink.received(1)
  })

  test('mail for a host that is not there waits, and goes when the route is mended', async () => {
    fixture = await EngineFixture.start()
    await fixture.route('*', { kind: 'smarthost', host: '127.0.0.1', port: 1, tls: 'none' })
    const ids = await Promise.all([1, 2, 3].map(() => fixture.submit({ to: ['tom@kestrel.example'] })))
    for (const id of ids)
      await fixture.until(id, (detail) => detail.status === 'deferred' || detail.status === 'queued')
    await fixture.status(ids[0]!, 'deferred')
    await fixture.route('*', fixture.toSink)
    await fixture.engine.act('retry', {}, '')
    for (const id of ids) await fixture.status(id, 'delivered')
  })

  test('mail of a held credential is held', async () => {
    fixture = await EngineFixture.start()
    const [credential] = fixture.store.directory.credentials()
    await fixture.store.directory.setCredentialStatus(credential!.id, 'held')
    const id = await fixture.submit({ to: ['tom@kestrel.example'] })
    expect((await fixture.detail(id)).deliveries[0]).toMatchObject({
      state: 'held',
      reason: expect.stringContaining('credential'),
    })
  })
})

describe('fairness', () => {
  test('a destination that does not answer keeps nobody else waiting', async () => {
    fixture = await EngineFixture.start({ deliveries: 4, perDestination: 4 })
    await fixture.route('slow.example', { kind: 'smarthost', host: 'localhost', port: fixture.sink.port, tls: 'none' })
    const slow = await Promise.all(
      Array.from({ length: 12 }, () => fixture.submit({ to: ['silent-rcpt@slow.example'] })),
    )
    const sent = await fixture.submit({ to: ['tom@kestrel.example'] })
    await fixture.status(sent, 'delivered')
    const states = await Promise.all(slow.map(async (id) => (await fixture.detail(id)).status))
    expect(states.filter((state) => state === 'sending').length).toBe(2)
  })

  test('more work than memory holds is all done', async () => {
    fixture = await EngineFixture.start({ perDestination: 2 })
    await fixture.engine.act('hold', {}, '')
    await fixture.route('*', { kind: 'capture' })
    const recipients = Array.from({ length: 700 }, (_, n) => `r${n}@kestrel.example`)
    const ids = await Promise.all([1, 2, 3].map(() => fixture.submit({ to: recipients })))
    await fixture.route('*', fixture.toSink)
    await fixture.engine.act('release', {}, '')
    for (const id of ids) await fixture.status(id, 'delivered')
    const counted = fixture.sink.messages.reduce((sum, message) => sum + message.recipients.length, 0)
    expect(counted).toBe(2100)
  })
})

describe('stop and start', () => {
  test('a restart finds deliveries in every state as they were', async () => {
    fixture = await EngineFixture.start()
    await fixture.route('held.example', { kind: 'capture' })
    const held = await fixture.submit({ to: ['tom@held.example'] })
    const deferred = await fixture.submit({ to: ['tempfail@kestrel.example'] })
    const delivered = await fixture.submit({ to: ['tom@kestrel.example'] })
    const failed = await fixture.submit({ from: 'permfail@acme.example', to: ['permfail@kestrel.example'] })
    await fixture.status(deferred, 'deferred')
    await fixture.status(delivered, 'delivered')
    await fixture.status(failed, 'failed')
    const before = await Promise.all([held, deferred, delivered, failed].map((id) => fixture.detail(id)))
    await fixture.restart()
    const after = await Promise.all([held, deferred, delivered, failed].map((id) => fixture.detail(id)))
    expect(after).toEqual(before)
  })

  test('what is in flight at a stop is finished, or returned to the queue', async () => {
    fixture = await EngineFixture.start({}, { slowMs: 400 })
    const slow = await fixture.submit({ to: ['slow@kestrel.example'] })
    const never = await fixture.submit({ to: ['silent-rcpt@kestrel.example'] })
    await fixture.status(slow, 'sending')
    await fixture.restart(1500)
    await fixture.status(slow, 'delivered')
    const returned = await fixture.detail(never)
    expect(returned.deliveries[0]!.inDoubt).toBe(false)
    expect(['deferred', 'sending']).toContain(returned.status)
    expect(fixture.sink.messages).toHaveLength(1)
  })

  test('cancelled mail never leaves, and is said to be cancelled', async () => {
    fixture = await EngineFixture.start()
    await fixture.route('*', { kind: 'capture' })
    const id = await fixture.submit({ to: ['tom@kestrel.example'] })
    await fixture.engine.act('cancel', {}, 'spam')
    await fixture.route('*', fixture.toSink)
    await fixture.restart()
    expect((await fixture.detail(id)).deliveries[0]).toMatchObject({ state: 'cancelled', reason: 'cancelled: spam' })
    expect(fixture.sink.messages).toHaveLength(0)
  })
})
