import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Changes, watchChanges } from '../../src/relay/changes.ts'
import type { NewMessage } from '../../src/store/store.ts'
import { type Sample, StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
let changes: Changes

async function accept(sample: Sample): Promise<NewMessage> {
  const message = fixture.message(sample)
  await fixture.store.queue.accept(message)
  return message
}

beforeEach(async () => {
  fixture = await StoreFixture.open()
  changes = watchChanges(fixture.store, (fault) => {
    throw fault
  })
})
afterEach(async () => {
  changes.stop()
  await fixture.close()
})

describe('a live reader', () => {
  test('is told of what it wants, each message once a batch with its last state', async () => {
    const reading = changes.read((row) => row.subject.startsWith('wanted'), undefined)
    expect((await reading.next()).value).toEqual({ rows: [], missed: 0 })
    const next = reading.next()
    await accept({ subject: 'other' })
    const wanted = await accept({ subject: 'wanted' })
    await fixture.store.queue.act('hold', { recipient: wanted.deliveries[0]!.recipient }, '', fixture.time)
    const batch = (await next).value
    expect(batch).toMatchObject({ missed: 0, rows: [{ id: wanted.record.id, status: 'held' }] })
  })

  test('is told how much it missed when more changes than a batch holds', async () => {
    const reading = changes.read(() => true, undefined)
    await reading.next()
    const next = reading.next()
    await Promise.all(Array.from({ length: 520 }, () => accept({})))
    let seen = 0
    let missed = 0
    for (
      let batch = (await next).value;
      batch;
      batch = seen + missed < 520 ? (await reading.next()).value : undefined
    ) {
      seen += batch.rows.length
      missed += batch.missed
    }
    expect(seen + missed).toBe(520)
    expect(seen).toBeGreaterThanOrEqual(500)
  })

  test('ends when its signal aborts, also while it waits', async () => {
    const leave = new AbortController()
    const reading = changes.read(() => true, leave.signal)
    await reading.next()
    const next = reading.next()
    leave.abort()
    expect((await next).done).toBe(true)
    const late = changes.read(() => true, leave.signal)
    await late.next()
    expect((await late.next()).done).toBe(true)
  })

  test('ends when the relay stops', async () => {
    const reading = changes.read(() => true, undefined)
    await reading.next()
    const next = reading.next()
    changes.stop()
    expect((await next).done).toBe(true)
  })
})
