import { isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  asksForRoute,
  formatMailbox,
  isAddressLiteral,
  isDomain,
  parseMailbox,
  parsePath,
  utf8Length,
} from '../../src/model/address.ts'
import { parseAddressList } from '../../src/model/addressList.ts'
import { isInRange, parseAddress, parseRange } from '../../src/model/addressRange.ts'

const ATEXT = "abcXYZ019!#$%&'*+/=?^_`{|}~-üé用"
const atom = fc.array(fc.constantFrom(...ATEXT), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''))
const dotString = fc.array(atom, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
const quoted = fc
  .array(fc.constantFrom('a', ' ', '@', '.', '<', '>', '\\"', '\\\\', ',', '(', ';', 'ü'), { maxLength: 10 })
  .map((parts) => `"${parts.join('')}"`)
const label = fc.constantFrom('a', 'acme', 'x-1', 'xn--bcher-kva', 'bücher', 'A9')
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.example`)
const literal = fc.oneof(
  fc.ipV4().map((ip) => `[${ip}]`),
  fc.ipV6().map((ip) => `[IPv6:${ip}]`),
)
const mailbox = fc.record({ local: fc.oneof(dotString, quoted), domain: fc.oneof(host, literal) })

test('every well-formed address is read with each part as given', () => {
  fc.assert(
    fc.property(mailbox, (given) => {
      const text = formatMailbox(given)
      expect(parseMailbox(text)).toEqual(given)
      const path = `<${text}>`
      fc.pre(utf8Length(text) <= 254)
      expect(parsePath(`RCPT TO:${path} NOTIFY=NEVER`, 8)).toEqual({ ok: true, mailbox: given, end: 8 + path.length })
    }),
    { numRuns: 500 },
  )
})

test('whatever is read is written the same, and its domain is the text behind the last @ outside quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab.@"\\ <>()[]:;,%!-\r\n\0ü'), maxLength: 20 }), (text) => {
      const found = parseMailbox(text)
      if (!found) return
      expect(formatMailbox(found)).toBe(text)
      expect(found.domain).not.toMatch(/[@"<>\s]/)
      expect(isDomain(found.domain) || isAddressLiteral(found.domain)).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

test.each([
  '',
  'a',
  '@',
  'a@',
  '@b.example',
  '.a@b.example',
  'a.@b.example',
  'a..b@c.example',
  'a b@c.example',
  '"a"b@c.example',
  '"a@c.example',
  'a@b@c.example',
  'a@.example',
  'a@b..example',
  'a@-b.example',
  'a@b-.example',
  'a@b_c.example',
  'a@b.example.',
  'a@1.2.3.4',
  'a@b.0x1',
  'a@[1.2.3]',
  'a@[01.2.3.4]',
  'a@[IPv6:::1::]',
  'a@[IPv6:1.2.3.4]',
  'a\r\n@b.example',
  'a@b.example\n',
  'a@b\u200b.example',
  '\u202ea@b.example',
  `a@${'b'.repeat(64)}.example`,
  'a@b.example>',
  'a(c)@b.example',
])('%j is no address', (text) => {
  expect(parseMailbox(text)).toBeUndefined()
})

test.each([
  ['user%host.example', true],
  ['host!user', true],
  ['a.example!b!user', true],
  ['"user@host.example"', true],
  ['100%sure', false],
  ['user%host', false],
  ['user', false],
  ['"john doe"', false],
  ['wow!', false],
])('a local part %j asks for a route: %s', (local, asks) => {
  expect(asksForRoute(local)).toBe(asks)
})

test('the empty path, and paths that are none', () => {
  expect(parsePath('<>', 0)).toEqual({ ok: true, mailbox: undefined, end: 2 })
  const bad = ['', '<', '<a@b.example', 'a@b.example', '<"a>@b.example', '<a@b.example>>x'].map((text) =>
    parsePath(text, 0),
  )
  expect(bad.map((path) => path.ok)).toEqual([false, false, false, false, false, true])
  expect(parsePath('<@x.example,@y.example:a@b.example>', 0)).toEqual({ ok: false, problem: 'route' })
  expect(parsePath(`<${'a'.repeat(243)}@b.example>`, 0)).toMatchObject({ ok: true })
  expect(parsePath(`<${'a'.repeat(245)}@b.example>`, 0)).toEqual({ ok: false, problem: 'length' })
})

const blank = fc.constantFrom('', ' ', '\r\n ', ' (a comment (nested) \\) ) ', '(c)')
const phrase = fc.constantFrom(
  '',
  'Ann',
  'Ann B. Lee',
  '"Lee, Ann" ',
  '=?utf-8?q?=C3=84?= ',
  '"<x@evil.example>" ',
  'Ann [x] ',
)
const listed = fc.tuple(mailbox, phrase, fc.boolean(), blank, blank)
type Listed = [box: { local: string; domain: string }, name: string, isBare: boolean, one: string, two: string]

function write([box, name, isBare, one, two]: Listed): string {
  const spec = `${box.local}${one}@${two}${box.domain}`
  return isBare ? `${one}${spec}${two}` : `${name}${one}<${two}${spec}>${one}`
}

test('every address of a list is found, in every form', () => {
  fc.assert(
    fc.property(fc.array(listed, { minLength: 1, maxLength: 4 }), fc.boolean(), (entries, isGroup) => {
      const list = entries.map(write).join(',')
      const text = isGroup ? `Some "group":${list};` : list
      expect(parseAddressList(text)).toEqual(entries.map(([box]) => box))
    }),
    { numRuns: 500 },
  )
})

test('an address list that is not read for sure is not read at all', () => {
  const bad = [
    'a',
    'a@',
    '@b.example',
    'a b@c.example',
    '<a@b.example',
    'a@b.example>',
    'a@b.example; c@d.example',
    'g: a@b.example',
    'g: h: a@b.example;;',
    '(a@b.example',
    '"a@b.example',
    '<>',
    'a@b@c.example',
    'a@b.example c@d.example',
    '<@x.example:a@b.example>',
    'a@b.example <c@d.example> e@f.example',
    `${'('.repeat(30)}${')'.repeat(30)}a@b.example`,
  ]
  expect(bad.filter((text) => parseAddressList(text) !== undefined)).toEqual([])
  expect(parseAddressList('')).toEqual([])
  expect(parseAddressList('nobody:;')).toEqual([])
  expect(parseAddressList('a@b.example <c@d.example>')).toHaveLength(2)
})

test('parsing never throws and never takes long', () => {
  const nasty = fc.string({ unit: fc.constantFrom(...'a@.<>,:;"\\()[] \r\n='), maxLength: 200 })
  fc.assert(
    fc.property(nasty, (text) => void parseAddressList(text)),
    { numRuns: 1000 },
  )
  const long = ['('.repeat(50_000), '"'.repeat(50_001), 'a,'.repeat(50_000), 'a.'.repeat(50_000), '<'.repeat(50_000)]
  for (const text of long) expect(parseAddressList(text)).toBeUndefined()
})

test('an address is one exactly when Node says so', () => {
  const piece = fc.constantFrom('0', '1', '255', '256', '01', 'ff', 'fffff', ':', '::', '.', '1.2.3.4', '::1', 'g')
  const text = fc.oneof(
    fc.array(piece, { maxLength: 10 }).map((parts) => parts.join('')),
    fc.ipV4(),
    fc.ipV6(),
  )
  fc.assert(
    fc.property(text, (one) => {
      expect(parseAddress(one) !== undefined).toBe(isIP(one) !== 0)
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['192.0.2.0/24', '192.0.2.255', true],
  ['192.0.2.0/24', '192.0.3.0', false],
  ['192.0.2.77/24', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['::/0', '2001:db8::1', true],
  ['2001:db8::/33', '2001:db8:7fff::1', true],
  ['2001:db8::/33', '2001:db8:8000::1', false],
  ['::ffff:192.0.2.0/120', '192.0.2.9', true],
])('range %s and address %s: %s', (range, address, isIn) => {
  expect(isInRange(parseAddress(address)!, parseRange(range)!)).toBe(isIn)
})

test('what is no range is not read', () => {
  const bad = [
    '',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2/24',
    '::/129',
    '192.0.2.0/2x',
    '/8',
    'localhost',
    '192.0.2.0/-1',
  ]
  expect(bad.map(parseRange)).toEqual(bad.map(() => undefined))
})
