import { expect, test } from 'vitest'
import { parseQueueFilter } from '../../src/model/queueFilter.ts'

test('a written queue filter names deliveries', () => {
  const written =
    'destination:[::1]:25 account:acme state:deferred domain:Kestrel.Example to:tom@kestrel.example is:in-doubt'
  expect(parseQueueFilter(`${written} reason:"mailbox full" message:0123456789A`)).toEqual({
    ok: true,
    filter: {
      destination: '[::1]:25',
      account: 'acme',
      state: 'deferred',
      domain: 'kestrel.example',
      recipient: 'tom@kestrel.example',
      inDoubt: true,
      reason: 'mailbox full',
      message: '0123456789A',
    },
  })
})

test('what is no queue filter is refused by naming the token', () => {
  expect(parseQueueFilter('state:lost')).toMatchObject({ ok: false, token: 'state:lost' })
  expect(parseQueueFilter('kestrel')).toMatchObject({ ok: false, token: 'kestrel' })
  expect(parseQueueFilter('from:a@b.example')).toMatchObject({ ok: false, token: 'from:a@b.example' })
  expect(parseQueueFilter('message:7')).toMatchObject({ ok: false })
  expect(parseQueueFilter('is:lost')).toMatchObject({ ok: false })
})
