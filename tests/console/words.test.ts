import { describe, expect, test } from 'vitest'
import { generatePassword } from '../../src/console/components/password.ts'
import { decodeWords, parseHeaders } from '../../src/console/features/messages/headers.ts'
import { filterOf, readQueueSearch } from '../../src/console/features/queue/view.ts'
import { clients, settingsFor } from '../../src/console/features/welcome/settings.ts'
import { daysBetween, duration, rate, relative, shortTime, size } from '../../src/console/format.ts'

const now = new Date(2026, 10, 23, 14, 5, 0).getTime()
const minutes = (many: number) => now - many * 60_000

describe('times and sizes', () => {
  test('a day is the reader’s day', () => {
    expect(daysBetween(new Date(2026, 10, 23, 0, 1).getTime(), now)).toBe(0)
    expect(daysBetween(new Date(2026, 10, 22, 23, 59).getTime(), now)).toBe(1)
    expect(shortTime(new Date(2026, 10, 23, 13, 42).getTime(), now)).toBe('Today 13:42')
    expect(shortTime(new Date(2026, 10, 22, 9, 10).getTime(), now)).toBe('Yesterday 09:10')
    expect(shortTime(new Date(2026, 8, 14, 9, 10).getTime(), now)).toBe('14 Sept 09:10')
  })

  test('spans have two units at most', () => {
    expect([12, 240, 11_520, 187_200, 86_400].map((span) => duration(span))).toEqual([
      '12 s',
      '4 min',
      '3 h 12 min',
      '2 d 4 h',
      '1 d',
    ])
    expect(relative(minutes(3), now)).toBe('3 min ago')
    expect(relative(minutes(-240), now)).toBe('in 4 h')
    expect(relative(now - 1000, now)).toBe('just now')
  })

  test('sizes and rates are short', () => {
    expect([820, 18_200, 999_949, 999_950, 3_100_000].map(size)).toEqual([
      '820 B',
      '18.2 kB',
      '999.9 kB',
      '1.0 MB',
      '3.1 MB',
    ])
    expect([0, 0.3, 14.2, 1200].map(rate)).toEqual(['0', '0.3', '14', '1,200'])
  })
})

describe('a header block', () => {
  test('is unfolded and decoded', () => {
    const raw = 'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?q?_aus_K=C3=B6ln?=\r\nReceived: from a\r\n\tby b\r\n\r\n'
    expect(parseHeaders(raw)).toEqual([
      { name: 'Subject', value: 'Grüße aus Köln' },
      { name: 'Received', value: 'from a by b' },
    ])
  })

  test('keeps what cannot be decoded', () => {
    expect(decodeWords('=?no-such-charset?q?a?= and =?utf-8?b?***?=')).toBe(
      '=?no-such-charset?q?a?= and =?utf-8?b?***?=',
    )
    expect(parseHeaders('no field at all')).toEqual([{ name: '', value: 'no field at all' }])
  })
})

describe('the address of a part of the queue', () => {
  test('is a filter when it names one, the groups when it does not', () => {
    expect(filterOf(readQueueSearch({ by: 'account' }))).toBeUndefined()
    expect(filterOf(readQueueSearch({ account: 'acme', state: 'held' }))).toEqual({ account: 'acme', state: 'held' })
    expect(filterOf(readQueueSearch({ doubt: 'true' }))).toEqual({ inDoubt: true })
    expect(filterOf(readQueueSearch({ all: 'true' }))).toEqual({})
  })

  test('leaves out what it cannot understand', () => {
    expect(readQueueSearch({ by: 'colour', state: 'lost', destination: 7 })).toEqual({})
  })
})

describe('ready-made settings', () => {
  const submission = {
    host: '127.0.0.1',
    port: 2525,
    username: 'acme',
    password: 'abc-def',
    from: 'test@acme.example',
    to: 'ines@mailward.example',
    selfMade: true,
    fingerprint: 'A4:1F',
  }

  test.each(clients)('for %s name host, port, user and password', (client) => {
    const settings = settingsFor(client, submission)
    for (const part of ['127.0.0.1', '2525', 'acme', 'abc-def']) expect(settings).toContain(part)
  })

  test('do not weaken the check of a certificate that can be checked', () => {
    const all = clients.map((client) => settingsFor(client, { ...submission, selfMade: false })).join('\n')
    expect(all).not.toMatch(/rejectUnauthorized|CERT_NONE|fingerprint/)
  })
})

test('generated passwords differ, and are safe in a shell', () => {
  const passwords = Array.from({ length: 50 }, generatePassword)
  expect(new Set(passwords).size).toBe(50)
  for (const password of passwords) expect(password).toMatch(/^[a-zA-Z2-9]{6}(-[a-zA-Z2-9]{6}){3}$/)
})
