import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatId } from '../../src/model/id.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import { attemptResult, delivered, StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open()
})
afterEach(() => fixture.close())

const deferred: Outcome = { kind: 'deferred', reason: '452 4.2.2 mailbox full', reply: undefined, inDoubt: false }

async function job(destination = 'kestrel.example') {
  const [due] = await fixture.store.queue.due(destination, 10)
  return due!
}

describe('the queue on disk', () => {
  test('an accepted message is due at its destination, and claiming it gives record, body and attempt', async () => {
    const message = fixture.message({ to: ['tom@kestrel.example', 'pia@kestrel.example'], body: 'Grüße' })
    await fixture.store.queue.accept(message)
    const [claimed] = await fixture.store.queue.claim([await job()], fixture.time)
    expect(Buffer.from(claimed!.body)).toEqual(message.body)
    expect(claimed!.deliveries.map(({ recipient, state, attempts }) => [recipient, state, attempts])).toEqual([
      ['tom@kestrel.example', 'sending', 1],
      ['pia@kestrel.example', 'sending', 1],
    ])
    expect(claimed!.record).toEqual({ ...message.record, headers: new Uint8Array(message.record.headers) })
    expect(claimed!.attempt).toBe(1)
  })

  test('a job can be claimed once only', async () => {
    await fixture.store.queue.accept(fixture.message())
    const due = await job()
    const both = await Promise.all([fixture.store.queue.claim([due], 1), fixture.store.queue.claim([due], 1)])
    expect(both.map((claimed) => claimed.length).sort((a, b) => a - b)).toEqual([0, 1])
  })

  test('what a crash leaves in flight comes back deferred, due at once and in doubt', async () => {
    const message = fixture.message({ state: 'sending' })
    await fixture.store.queue.accept(message)
    await fixture.reopen()
    expect(await fixture.store.queue.recover(fixture.time)).toBe(1)
    const detail = await fixture.store.log.get(message.record.id)
    expect(detail!.deliveries[0]).toMatchObject({ state: 'deferred', inDoubt: true, nextAttemptAt: fixture.time })
    expect(detail!.attempts[0]).toMatchObject({ inDoubt: true, endedAt: fixture.time })
    expect((await job()).message).toBe(message.record.id)
  })

  test('a deferred delivery waits for its time; one without a next time expires', async () => {
    const waits = fixture.message({ state: 'sending' })
    await fixture.store.queue.accept(waits)
    await fixture.store.queue.recordResult(attemptResult(waits, deferred, fixture.time + 60_000))
    expect((await job()).nextAttemptAt).toBe(fixture.time + 60_000)
    const over = await fixture.deliver({}, deferred)
    const detail = await fixture.store.log.get(over)
    expect(detail!.deliveries[0]).toMatchObject({ state: 'expired', reason: expect.stringContaining('mailbox full') })
  })

  test('the body goes with the last delivery, not before', async () => {
    const message = fixture.message({ to: ['a@kestrel.example', 'b@kestrel.example'], state: 'sending' })
    await fixture.store.queue.accept(message)
    const first = attemptResult(message, deferred, fixture.time)
    first.results[0]!.outcome = delivered
    await fixture.store.queue.recordResult(first)
    const [claimed] = await fixture.store.queue.claim([await job()], fixture.time)
    expect(claimed!.deliveries.map((delivery) => delivery.ordinal)).toEqual([1])
    expect(Buffer.from(claimed!.body)).toEqual(message.body)
    const second = { ...attemptResult(message, delivered), attempt: 2 }
    second.results = second.results.slice(1)
    await fixture.store.queue.recordResult(second)
    expect(await fixture.store.queue.due('kestrel.example', 10)).toEqual([])
    expect((await fixture.store.log.get(message.record.id))!.status).toBe('delivered')
  })

  test('a large body lies in a segment, unreadable, and the segment goes once it is empty', async () => {
    const canary = 'CANARY-in-a-large-body'
    const message = fixture.message({ body: canary + 'x'.repeat(10_000_000) })
    await fixture.store.queue.accept(message)
    const segments = join(fixture.folder, 'bodies')
    const files = readdirSync(segments)
    expect(files).toHaveLength(1)
    expect(readFileSync(join(segments, files[0]!)).includes(canary)).toBe(false)
    const [claimed] = await fixture.store.queue.claim([await job()], fixture.time)
    expect(Buffer.from(claimed!.body).equals(message.body)).toBe(true)
    await fixture.store.queue.recordResult(attemptResult(message, delivered))
    expect(readdirSync(segments)).toHaveLength(0)
  })

  test('segments nobody refers to are swept at the next start', async () => {
    const message = fixture.message({ body: 'x'.repeat(100_000) })
    await fixture.store.queue.accept(message)
    await fixture.reopen()
    expect(readdirSync(join(fixture.folder, 'bodies'))).toHaveLength(1)
    const [claimed] = await fixture.store.queue.claim([await job()], fixture.time)
    expect(claimed!.body.length).toBe(message.body.length)
    await fixture.store.queue.recordResult(attemptResult(message, delivered))
    await fixture.reopen()
    expect(readdirSync(join(fixture.folder, 'bodies'))).toHaveLength(0)
  })

  test('a settlement and the notification it causes are one transaction', async () => {
    const message = fixture.message({ state: 'sending' })
    await fixture.store.queue.accept(message)
    const notification = fixture.message({ from: '', to: ['billing@acme.example'], destination: 'acme.example' })
    const failed: Outcome = { kind: 'failed', reason: '550 5.1.1 unknown', reply: undefined }
    await fixture.store.queue.recordResult({ ...attemptResult(message, failed), notifications: [notification] })
    expect((await job('acme.example')).message).toBe(notification.record.id)
    const destinations = await fixture.store.queue.destinations()
    expect([...destinations.keys()]).toEqual(['acme.example'])
  })
})

test('a delivery whose body cannot be read is held for a person', async () => {
  const message = fixture.message({ body: 'x'.repeat(100_000) })
  await fixture.store.queue.accept(message)
  for (const name of readdirSync(join(fixture.folder, 'bodies'))) {
    truncateSync(join(fixture.folder, 'bodies', name), 1000)
  }
  expect(await fixture.store.queue.claim([await job()], 1)).toEqual([])
  const detail = await fixture.store.log.get(message.record.id)
  expect(detail!.deliveries[0]).toMatchObject({ state: 'held', reason: expect.stringContaining('cannot be read') })
})

describe('orders of a person', () => {
  test('hold, release, retry and cancel change what they can and count what they cannot', async () => {
    const { queue } = fixture.store
    await queue.accept(fixture.message({ state: 'sending' }))
    await queue.accept(fixture.message())
    const later = fixture.message({ state: 'sending' })
    await queue.accept(later)
    await queue.recordResult(attemptResult(later, deferred, fixture.time + 60_000))

    expect(await queue.preview('hold', {})).toEqual({ deliveries: 2, messages: 2, skipped: 1 })
    expect(await queue.act('hold', {}, 'looks odd', fixture.time)).toMatchObject({ deliveries: 2, skipped: 1 })
    const held = await queue.list({ state: 'held' }, 10, undefined)
    expect(held.rows.map((row) => row.delivery.reason)).toEqual(['held: looks odd', 'held: looks odd'])

    const released = await queue.act('release', {}, '', fixture.time)
    expect(released).toMatchObject({ deliveries: 2, destinations: ['kestrel.example'] })
    const states = (await queue.list({}, 10, undefined)).rows.map((row) => row.delivery.state)
    expect(states).toEqual(['sending', 'queued', 'deferred'])

    expect(await queue.act('cancel', { message: formatId(later.record.id) }, 'spam', fixture.time)).toMatchObject({
      deliveries: 1,
      skipped: 0,
    })
    expect((await fixture.store.log.get(later.record.id))!.deliveries[0]).toMatchObject({
      state: 'cancelled',
      reason: 'cancelled: spam',
    })
  })

  test('an order over more deliveries than one transaction takes reaches all of them', async () => {
    for (let i = 0; i < 3; i++) {
      const to = Array.from({ length: 400 }, (_, n) => `r${n}@kestrel.example`)
      await fixture.store.queue.accept(fixture.message({ to }))
    }
    expect(await fixture.store.queue.act('hold', {}, '', fixture.time)).toMatchObject({ deliveries: 1200 })
    expect(await fixture.store.queue.counts()).toMatchObject({ held: 1200, queued: 0 })
  })

  test('filters by account, domain, recipient and doubt mean what they say', async () => {
    const { queue, directory } = fixture.store
    const northbay = await directory.addAccount({ name: 'northbay', contact: 'x@y.example', domains: [] })
    await queue.accept(fixture.message({ to: ['tom@kestrel.example'] }))
    await queue.accept(fixture.message({ to: ['Tom@heron.example'], account: northbay!.id }))
    const count = async (filter: Parameters<typeof queue.list>[0]) =>
      (await queue.list(filter, 10, undefined)).rows.length
    expect(await count({ account: 'northbay' })).toBe(1)
    expect(await count({ account: 'nobody' })).toBe(0)
    expect(await count({ domain: 'heron.example' })).toBe(1)
    expect(await count({ domain: 'eron.example' })).toBe(0)
    expect(await count({ recipient: 'tom@HERON.example' })).toBe(1)
    expect(await count({ inDoubt: true })).toBe(0)
  })

  test('groups tell states, ages and the reason that is most frequent', async () => {
    const { queue } = fixture.store
    const old = fixture.message({ state: 'sending', acceptedAt: fixture.time - 3_600_000 })
    await queue.accept(old)
    await queue.recordResult(attemptResult(old, deferred, fixture.time))
    await queue.accept(fixture.message({ to: ['x@heron.example'], destination: 'heron.example' }))
    const groups = await queue.groups('destination', fixture.time, [60, 600])
    expect(groups).toEqual([
      expect.objectContaining({
        key: 'kestrel.example',
        deferred: 1,
        ages: [0, 0, 1],
        topReason: '452 4.2.2 mailbox full',
      }),
      expect.objectContaining({ key: 'heron.example', queued: 1, ages: [1, 0, 0], topReason: undefined }),
    ])
  })

  test('rerouting moves waiting deliveries to the destination of their recipient', async () => {
    await fixture.store.queue.accept(fixture.message({ to: ['a@kestrel.example', 'b@heron.example'] }))
    await fixture.store.queue.reroute((recipient) =>
      recipient.endsWith('@heron.example') ? 'smart.example:587' : 'kestrel.example',
    )
    expect(await fixture.store.queue.destinations()).toEqual(
      new Map([
        ['kestrel.example', fixture.time],
        ['smart.example:587', fixture.time],
      ]),
    )
  })
})
