/** Taking a person out of texts and records: nothing of the person stays, nothing else is touched. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mailboxKey } from '../../src/model/addressKey.ts'
import { addressIn, eachAddress } from '../../src/store/sqlite/subjects/addresses.ts'
import { names, redactHeaders, redactJson, redactText } from '../../src/store/sqlite/subjects/redact.ts'
import { attemptResult, delivered, type Sample, StoreFixture } from '../support/storeFixture.ts'
import { settled } from './daysOnDisk.ts'

const isTom = (key: string) => key === 'tom@kestrel.example'

function keysIn(text: string): string[] {
  const keys: string[] = []
  eachAddress(text, (key) => {
    keys.push(key)
    return undefined
  })
  return keys
}

test.each([
  ['Tom@KESTREL.example.', 'tom@kestrel.example'],
  ['tom+shop@kestrel.example', 'tom+shop@kestrel.example'],
  ['Tom+shop@Gmail.com', 'tom@gmail.com'],
  ['+491111@kestrel.example', '+491111@kestrel.example'],
  ['+491111@gmail.com', '+491111@gmail.com'],
  ['tom@Bücher.example', 'tom@xn--bcher-kva.example'],
  ['"tom"@kestrel.example', 'tom@kestrel.example'],
  ['tom@[192.0.2.7]', 'tom@[192.0.2.7]'],
])('the key of %s is %s', (address, key) => {
  expect(mailboxKey(address)).toBe(key)
})

test('what a person pastes is read as an address', () => {
  expect(addressIn(' Tom Miller <tom@kestrel.example> ')).toBe('tom@kestrel.example')
  expect(addressIn('mailto:tom@kestrel.example')).toBe('tom@kestrel.example')
})

test.each([
  'RCPT TO:<tom@kestrel.example> ORCPT=rfc822;tom@kestrel.example',
  "550 'tom@kestrel.example': unknown",
  'https://acme.example/u?email=tom%40kestrel.example&t=1',
  'bounces+tom=kestrel.example@acme.example',
  'SRS0=HH=TT=kestrel.example=tom@forwarder.example',
  '"tom"@kestrel.example',
  '=?utf-8?Q?for_tom=40kestrel.example?=',
  '=?utf-8?B?Zm9yIHRvbUBrZXN0?= =?utf-8?B?cmVsLmV4YW1wbGU=?=',
  ...['', ';', '1;', 'campaign 7: '].flatMap((before) => [
    `https://acme.example/u/${Buffer.from(`${before}tom@kestrel.example`).toString('base64')}`,
    `<https://acme.example/leave?t=${Buffer.from(`${before}Tom@Kestrel.example;9`).toString('base64url')}>`,
  ]),
])('%s names the person, and no longer after', (text) => {
  expect(names(text, isTom)).toBe(true)
  const after = redactText(text, isTom)
  expect(names(after, isTom)).toBe(false)
  expect(redactText(after, isTom)).toBe(after)
})

test.each([
  'om@kestrel.example',
  'tom@kestrel.example.net',
  'tom.kestrel.example',
  'atom@kestrel.example',
  'tom+x@kestrel.example',
])('%s is somebody else', (text) => {
  expect(names(text, isTom)).toBe(false)
  expect(redactText(text, isTom)).toBe(text)
})

test.each([
  ['To: Tom <tom@kestrel.example>', 'To: [removed]'],
  ['To: "Miller, Tom" <tom@kestrel.example>, Ann <a@x.example>', 'To: [removed], Ann <a@x.example>'],
  ['Cc: a@x.example, tom@kestrel.example (Tom Miller)', 'Cc: a@x.example, [removed]'],
  ['Cc: Team: Tom <tom@kestrel.example>, A <a@x.example>;', 'Cc: Team: [removed], A <a@x.example>;'],
  ['To: =?utf-8?Q?T=C3=B6m?=\r\n <tom@kestrel.example>', 'To: [removed]'],
  ['Received: from x by y id 1 for <tom@kestrel.example>; now', 'Received: from x by y id 1 for <[removed]>; now'],
  ['Subject: to tom@kestrel.example', 'Subject: to [removed]'],
])('of the field %j stays %j', (field, after) => {
  const block = Buffer.from(`X-Before: 1\r\n${field}\r\nX-After: caf\xe9\r\n\r\n`, 'latin1')
  expect(Buffer.from(redactHeaders(block, isTom)).toString('latin1')).toBe(
    `X-Before: 1\r\n${after}\r\nX-After: caf\xe9\r\n\r\n`,
  )
})

test.each([
  '@',
  '%40',
  'a@',
  'a%40a.',
  '=@',
  '"@',
  '<tom@kestrel.example>',
  '=?x?b?',
  'a=b.c=d@e.f',
  'dG9tQGtlc3RyZWwuZXhhbXBsZSAg',
  'QEBA',
])('a header full of %s is read to its end', (piece) => {
  const hostile = `To: ${piece.repeat(Math.floor(250_000 / piece.length))}`
  const after = redactHeaders(Buffer.from(hostile), isTom)
  expect(names(Buffer.from(after).toString(), isTom)).toBe(false)
})

test('strings of JSON lose the person, behind an end of line too, and keep their form', () => {
  const text = JSON.stringify([{ a: 'S: 550\ntom@kestrel.example', 'tom@kestrel.example': [1, null] }])
  expect(JSON.parse(redactJson(text, isTom))).toEqual([{ a: 'S: 550\n[removed]', '[removed]': [1, null] }])
})

const others = [
  'ida@kestrel.example',
  'tom@heron.example',
  'max+x@kestrel.example',
  'tom+x@kestrel.example',
  'om@kestrel.example',
]
const tom = fc.constantFrom('tom@kestrel.example', '"Tom"@Kestrel.EXAMPLE', 'TOM@kestrel.example')
const other = fc.constantFrom(...others)
const name = fc.constantFrom('', 'Tom Miller ', '"Miller, T. <x>" ', '=?utf-8?Q?J=C3=B6rg?= ')
const mailbox = fc
  .tuple(name, fc.oneof(tom, other), fc.boolean())
  .map(([words, address, angle]) => (words || angle ? `${words}<${address}>` : address))
const field = fc
  .tuple(
    fc.constantFrom('To', 'Cc', 'From', 'Reply-To', 'Subject', 'X-Note', 'Received'),
    fc.array(mailbox, { minLength: 1, maxLength: 5 }),
  )
  .map(([header, list]) => `${header}: ${list.join(',\r\n ')}\r\n`)

test('of any header block, everybody else stays, in order, and fields without the person as they were', () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 6 }), (fields) => {
      const block = Buffer.from(`${fields.join('')}\r\n`)
      const after = Buffer.from(redactHeaders(block, isTom)).toString()
      expect(keysIn(after)).toEqual(keysIn(block.toString()).filter((key) => !isTom(key)))
      for (const one of fields) if (!names(one, isTom)) expect(after).toContain(one)
    }),
  )
})

describe('of any records', () => {
  const address = fc.oneof(tom, other)
  const record = fc.record({
    from: fc.oneof({ weight: 4, arbitrary: fc.constant('billing@acme.example') }, { weight: 1, arbitrary: tom }),
    to: fc.array(address, { minLength: 1, maxLength: 3 }),
    subject: fc.oneof(
      fc.constant('Invoice'),
      address.map((one) => `For ${one}`),
      address.map((one) => `Ticket ${Buffer.from(`1;${one}`).toString('base64url')}`),
    ),
    account: fc.constantFrom(1, 2),
  })

  test('those that name the person are gone or changed, and all others as before', { timeout: 120_000 }, async () => {
    const check = async (samples: Sample[]) => {
      const fixture = await StoreFixture.open()
      try {
        const ids: number[] = []
        for (const sample of samples) {
          const message = fixture.message({ ...sample, state: 'sending' })
          await fixture.store.queue.accept(message)
          await fixture.store.queue.recordResult(attemptResult(message, delivered))
          ids.push(message.record.id)
        }
        await settled(fixture.folder)
        const all = () => Promise.all(ids.map((id) => fixture.store.log.get(id)))
        const before = await all()
        const order = { request: 1, actor: 'ann', at: fixture.time, reason: '', keepRequests: [] }
        const work = { progress: () => undefined, isCancelled: () => false }
        await fixture.store.subjects.erase({ address: 'tom@kestrel.example', account: 1 }, order, work)
        const after = await all()
        samples.forEach(({ account, from, to, subject }, index) => {
          const isNamed = account === 1 && [from!, subject!, ...to!].some((text) => names(text, isTom))
          if (!isNamed) expect(after[index]).toEqual(before[index])
          else if (to!.every((one) => names(one, isTom))) expect(after[index]).toBeUndefined()
          else
            expect(
              names(JSON.stringify({ ...after[index], headers: Buffer.from(after[index]!.headers).toString() }), isTom),
            ).toBe(false)
        })
      } finally {
        await fixture.close()
      }
    }
    await fc.assert(fc.asyncProperty(fc.array(record, { minLength: 5, maxLength: 25 }), check), { numRuns: 2 })
  })
})
