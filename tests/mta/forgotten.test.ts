/** What memory loses or the disk refuses for a while: nothing is forgotten, nothing goes out twice because of it. */

import { afterEach, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { EngineFixture } from '../support/engineFixture.ts'

let fixture: EngineFixture
afterEach(() => fixture.stop())

type Queue = Store['queue']

/** Puts something between the engine and one method of the store's queue. */
function wrap<Name extends keyof Queue>(name: Name, wrapped: (real: Queue[Name]) => Queue[Name]): void {
  const { queue } = fixture.store
  queue[name] = wrapped(queue[name])
}

test('a result the disk does not take is kept until it does, and the message goes out once', async () => {
  fixture = await EngineFixture.start()
  let refused = 0
  wrap('recordResult', (real) => async (attemptResult) => {
    if (refused++ < 3) throw new Error('database or disk is full')
    await real(attemptResult)
  })
  const id = await fixture.submit({ to: ['tom@kestrel.example'] })
  const detail = await fixture.status(id, 'delivered')
  expect(refused).toBe(4)
  expect(detail.attempts).toHaveLength(1)
  expect(detail.deliveries[0]!.inDoubt).toBe(false)
  expect(fixture.sink.messages).toHaveLength(1)
})

test('a result that was written although the store said otherwise is not written twice', async () => {
  fixture = await EngineFixture.start()
  let lied = 0
  wrap('recordResult', (real) => async (attemptResult) => {
    await real(attemptResult)
    if (lied++ === 0) throw new Error('the answer was lost')
  })
  const id = await fixture.submit({ to: ['permfail@kestrel.example'] })
  await fixture.status(id, 'failed')
  await fixture.sink.received(1)
  await expect.poll(() => lied).toBeGreaterThan(1)
  const { rows } = await fixture.store.log.search({}, 10, undefined, 5000)
  expect(rows.filter(({ from }) => from === '')).toHaveLength(1)
})

test('work the disk cannot give out for a moment is asked for again', async () => {
  fixture = await EngineFixture.start({ perDestination: 1 })
  const refused = { claim: 0, due: 0 }
  for (const name of ['claim', 'due'] as const)
    wrap(name, (real) => async (...given: never[]) => {
      if (refused[name]++ === 0) throw new Error('database is locked')
      return (real as (...all: never[]) => never)(...given)
    })
  await fixture.route('kestrel.example', { kind: 'capture' })
  const id = await fixture.submit({ to: ['tom@kestrel.example'] })
  await fixture.route('kestrel.example', fixture.toSink)
  await fixture.engine.act('release', {}, '')
  await fixture.status(id, 'delivered')
  expect(refused).toEqual({ claim: 2, due: expect.any(Number) })
})

test('mail that is written while the queue is being read from disk is not forgotten', async () => {
  fixture = await EngineFixture.start()
  await fixture.route('*', { kind: 'capture' })
  const [first] = [await fixture.submit({ to: ['tom@kestrel.example'] })]
  await fixture.route('*', fixture.toSink)
  let snapshotTaken = (): void => undefined
  const reading = new Promise<void>((resolve) => {
    snapshotTaken = resolve
  })
  let goOn = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    goOn = resolve
  })
  wrap('due', (real) => async (...given) => {
    const answer = await real(...given)
    snapshotTaken()
    await gate
    return answer
  })
  await fixture.engine.act('release', {}, '')
  await reading
  const second = await fixture.submit({ to: ['pia@kestrel.example'] })
  goOn()
  await fixture.status(first!, 'delivered')
  await fixture.status(second, 'delivered')
})

test('an attempt that is on disk and that nobody makes is found, in doubt, and made again', async () => {
  fixture = await EngineFixture.start({ perDestination: 2 }, {}, { lookMs: 50 })
  await fixture.route('*', { kind: 'capture' })
  const id = await fixture.submit({ to: ['tom@kestrel.example'] })
  await fixture.route('*', fixture.toSink)
  let lost = 0
  wrap('claim', (real) => async (...given) => {
    const claimed = await real(...given)
    return lost++ === 0 ? [] : claimed
  })
  await fixture.engine.act('release', {}, '')
  const detail = await fixture.status(id, 'delivered')
  expect(detail.attempts.map(({ reply, inDoubt }) => [reply, inDoubt])).toEqual([
    ['interrupted: the attempt was lost from sight', true],
    ['stored', false],
  ])
})

test('mail that is due on disk and that memory does not know of is found', async () => {
  fixture = await EngineFixture.start({}, {}, { lookMs: 50 })
  await fixture.route('*', { kind: 'capture' })
  const id = await fixture.submit({ to: ['tom@kestrel.example'] })
  await fixture.route('*', fixture.toSink)
  // past the engine, so that nothing tells the scheduler
  await fixture.store.queue.act('release', {}, '', Date.now())
  await fixture.status(id, 'delivered')
})
