/** What next hops say carelessly is understood; what stays in doubt is repeated twice, and then held. */

import { afterEach, expect, test } from 'vitest'
import { EngineFixture } from '../support/engineFixture.ts'

const HOUR = 3_600_000

let fixture: EngineFixture
afterEach(() => fixture.stop())

test('an outcome in doubt is repeated twice, then held for an operator, and nobody is told that it failed', async () => {
  fixture = await EngineFixture.start()
  const id = await fixture.submit({ to: ['garbage@kestrel.example', 'tom@heron.example'] })
  for (let attempts = 1; attempts < 3; attempts++) {
    await fixture.until(id, ({ deliveries: [one] }) => one!.attempts === attempts && one!.state === 'deferred')
    fixture.advance(HOUR)
  }
  const held = await fixture.until(id, ({ deliveries: [one] }) => one!.state === 'held')
  expect(held.deliveries[0]).toMatchObject({
    attempts: 3,
    inDoubt: true,
    reason: expect.stringMatching(/^held: it may have been delivered/),
  })
  expect(held.attempts).toHaveLength(3)
  expect(fixture.sink.messages.filter(({ from }) => from === '')).toEqual([])
  await fixture.engine.act('release', {}, '')
  await fixture.until(id, ({ deliveries: [one] }) => one!.attempts === 4 && one!.state === 'held')
})

test('recipients deferred together are tried again together', async () => {
  fixture = await EngineFixture.start()
  const to = Array.from({ length: 150 }, (_, n) => `tempfail2+${n}@kestrel.example`)
  const id = await fixture.submit({ to })
  await fixture.until(id, ({ deliveries }) =>
    deliveries.every(({ attempts, state }) => attempts === 1 && state === 'deferred'),
  )
  fixture.advance(2 * 60_000)
  const second = await fixture.until(id, ({ deliveries }) =>
    deliveries.every(({ attempts, state }) => attempts >= 2 && state !== 'sending'),
  )
  expect(second.attempts.filter(({ number }) => number > 2).length).toBeLessThanOrEqual(4)
})
