/** No mail goes by a route that is not its own. */

import { afterEach, describe, expect, test } from 'vitest'
import { makeSelfSignedCertificate } from '../../src/mta/submission/certificate.ts'
import { EngineFixture } from '../support/engineFixture.ts'

let fixture: EngineFixture
afterEach(() => fixture.stop())

describe('one host with two rules', () => {
  test.each([
    ['the strict one first', ['tom@strict.example', 'pia@loose.example']],
    ['the strict one last', ['pia@loose.example', 'tom@strict.example']],
  ])('TLS that one demands holds whatever the order of recipients: %s', async (_name, to) => {
    fixture = await EngineFixture.start()
    await fixture.route('strict.example', { ...fixture.toSink, tls: 'require' })
    const id = await fixture.submit({ to })
    const detail = await fixture.until(id, ({ deliveries }) =>
      deliveries.every(({ attempts, state }) => attempts === 1 && state !== 'sending'),
    )
    const byRecipient = new Map(detail.deliveries.map((one) => [one.recipient, one]))
    expect(byRecipient.get('pia@loose.example')).toMatchObject({ state: 'delivered' })
    expect(byRecipient.get('tom@strict.example')).toMatchObject({
      state: 'deferred',
      reason: expect.stringContaining('TLS is required'),
    })
    expect(fixture.sink.messages.flatMap(({ recipients }) => recipients.map(({ address }) => address))).toEqual([
      'pia@loose.example',
    ])
  })

  test('the failure of one pauses nobody else', async () => {
    fixture = await EngineFixture.start()
    await fixture.route('strict.example', { ...fixture.toSink, tls: 'require' })
    for (let n = 0; n < 3; n++) {
      const strict = await fixture.submit({ to: ['tom@strict.example'] })
      await fixture.until(strict, ({ status }) => status === 'deferred' || status === 'queued')
    }
    const loose = await fixture.submit({ to: ['pia@loose.example'] })
    await fixture.status(loose, 'delivered')
  })

  test('each logs in as itself, or not at all', async () => {
    const tls = await makeSelfSignedCertificate('sink.test')
    fixture = await EngineFixture.start({}, { tls, auth: { username: 'acme', password: 'secret' } })
    await fixture.route('login.example', { ...fixture.toSink, username: 'acme', password: 'secret' })
    const id = await fixture.submit({ to: ['tom@login.example', 'pia@other.example'] })
    const detail = await fixture.until(id, ({ deliveries }) =>
      deliveries.every(({ attempts, state }) => attempts === 1 && state !== 'sending'),
    )
    expect(detail.deliveries.map(({ state }) => state)).toEqual(['delivered', 'deferred'])
    expect(detail.deliveries[1]!.reason).toContain('wants a login')
  })
})

describe('a route that changes', () => {
  test('while its mail is being claimed decides for each recipient, at once', async () => {
    fixture = await EngineFixture.start()
    await fixture.route('*', { kind: 'capture' })
    const id = await fixture.submit({ to: ['tom@strict.example', 'pia@loose.example'] })
    await fixture.route('*', fixture.toSink)
    const { queue, directory } = fixture.store
    const claim = queue.claim.bind(queue)
    queue.claim = async (...given) => {
      const claimed = await claim(...given)
      // the rule is there, and the queue has not been sorted by it yet
      await directory.setRoute({ domain: 'strict.example', route: { ...fixture.toSink, tls: 'require' } })
      return claimed
    }
    await fixture.engine.act('release', {}, '')
    const detail = await fixture.until(
      id,
      ({ deliveries: [strict, loose] }) => loose!.state === 'delivered' && strict!.reason.includes('TLS is required'),
    )
    expect(detail.deliveries[0]!.destination).toMatch(/;tls=require$/)
    expect(fixture.sink.messages.map(({ recipients }) => recipients.length)).toEqual([1])
  })

  test('to capture and back takes internationalised domains along', async () => {
    fixture = await EngineFixture.start()
    await fixture.route('*', { kind: 'capture' })
    const to = ['tom@bücher.example', 'pia@xn--bcher-kva.example']
    const id = await fixture.submit({ to })
    await fixture.route('xn--bcher-kva.example', fixture.toSink)
    await fixture.engine.act('release', { domain: 'xn--bcher-kva.example' }, '')
    const detail = await fixture.status(id, 'delivered')
    expect(detail.deliveries.map(({ attempts }) => attempts)).toEqual([1, 1])
    expect(fixture.sink.messages).toHaveLength(1)
  })
})

test('a queue that an older version named is sorted anew at the start', async () => {
  fixture = await EngineFixture.start()
  await fixture.route('*', { kind: 'capture' })
  const id = await fixture.submit({ to: ['tom@kestrel.example'] })
  await fixture.route('*', fixture.toSink)
  await fixture.store.queue.reroute(() => 'a name of old')
  await fixture.store.settings.set('queue.naming', 1)
  await fixture.restart()
  expect((await fixture.detail(id)).deliveries[0]!.destination).toBe(`127.0.0.1:${fixture.sink.port}`)
})
