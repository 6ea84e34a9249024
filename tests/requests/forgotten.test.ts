/**
 * What issue the desk is there for: a person who was written to asks to be deleted, the account orders it, and in the end
 * the address is nowhere in the data folder, in no encoding, file, index or log, but as a keyed hash.
 */

import { createHmac, hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findDecrypted, findInFiles } from '../support/canary.ts'
import { RequestFixture, textOf } from './support.ts'

let fixture: RequestFixture
const person = 'gus.canary@osprey.example'
const variants = ['Gus.Canary@Osprey.EXAMPLE', '"gus.canary"@OSPREY.example']

beforeAll(async () => {
  fixture = await RequestFixture.start(['acme'])
  await fixture.send('acme', person)
  await fixture.send('acme', variants[0]!, `for ${person}`)
  await fixture.send('acme', `${variants[1]!}, ann@harrier.example`)
  await fixture.send('acme', 'ann@harrier.example')
  await fixture.sink.received(4)
})
afterAll(() => fixture.stop())

function logKey(): Uint8Array {
  const key = readFileSync(join(fixture.relay.folder, '..', 'log.key'), 'utf8').trim()
  return new Uint8Array(Buffer.from(key, 'hex'))
}

/** Where the address still is, while the relay is stopped. */
async function lies(): Promise<string[]> {
  const words = ['gus.canary', 'osprey']
  let places: string[] = []
  await fixture.relay.whileStopped(() => {
    const { folder } = fixture.relay
    places = [...findInFiles(folder, words), ...findDecrypted(folder, logKey(), words)].map(
      ({ place, canary, encoding }) => `${place}: ${canary} as ${encoding}`,
    )
  })
  return places
}

test('in the end the address is nowhere', { timeout: 120_000 }, async () => {
  expect((await lies()).length).toBeGreaterThan(0)
  await fixture.write(`From: Gus Canary <${person}>\r\nSubject: erase\r\n\r\nForget ${person}.\r\n`, person)
  const parent = await fixture.request(({ subject }) => subject === person)
  await fixture.search(parent.id, 3)
  await fixture.local.requests.forward({ id: parent.id, accounts: ['acme'] })
  await fixture.letter(person, 'Who answers')
  const given = { kind: 'deletion', track: 'account', account: 'acme', subject: variants[1]!, suppress: true } as const
  const order = await fixture.local.requests.open({ ...given, parent: parent.id, text: `${person}, please` })
  await fixture.local.requests.confirmEvidence({ id: order.id, evidence: 'called the number of the contract' })
  await fixture.local.requests.note({ id: order.id, text: `it is about ${person}` })
  await fixture.search(order.id, 3)
  await fixture.local.requests.decide({ id: order.id })
  await fixture.local.requests.execute({ id: order.id })
  const executed = await fixture.detail(order.id, ({ state }) => state === 'executed')
  expect(executed.execution!.destroyed).toMatchObject({ headers: 2, redacted: 1 })
  await fixture.local.requests.answer({ id: order.id })
  expect(textOf(await fixture.letter(person, 'What came of'))).toContain('was carried out')
  for (const { id } of [parent, order])
    await fixture.detail(id, ({ state, subject }) => state === 'closed' && /^[0-9a-f]{12}$/.test(subject))

  expect(await lies()).toEqual([])
  // who asked for it is never written to again, though nobody here knows who it is
  const secret = new Uint8Array(hkdfSync('sha256', logKey(), '', 'mailward person', 32))
  const hash = createHmac('sha256', secret).update(person).digest('hex')
  expect((await fixture.local.requests.get({ id: order.id })).subject).toBe(hash.slice(0, 12))
  await expect(fixture.send('acme', person)).rejects.toThrow(/550 5\.7\.1/)
  expect(await lies()).toEqual([])
  const { items } = await fixture.local.messages.list({ filter: { to: 'ann@harrier.example' } })
  expect(items.map(({ to }) => to.length)).toEqual([1, 2])
  expect((await fixture.local.audit.verify({})).findings).toEqual([])
})
