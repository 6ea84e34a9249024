import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteBudget } from '../../src/mta/submission/budget.ts'
import { DataReader } from '../../src/mta/submission/dataReader.ts'

const wide = { messageOctets: 10_000_000, lineOctets: 1_000_000 }

function readerOf(limits = wide, budget = new ByteBudget(100_000_000)): DataReader {
  return new DataReader(limits, budget)
}

/** Feeds a wire image in pieces cut at the given places. Gives what was left over behind the end, if it came. */
function feedIn(reader: DataReader, wire: Buffer, cuts: readonly number[]): string | undefined {
  const places = [0, ...[...new Set(cuts)].filter((cut) => cut < wire.length).sort((a, b) => a - b), wire.length]
  for (let i = 1; i < places.length; i++) {
    const piece = Buffer.from(wire.subarray(places[i - 1], places[i]))
    const end = reader.feed(piece, 0)
    if (end >= 0) return piece.toString('latin1', end) + wire.toString('latin1', places[i])
  }
  return undefined
}

/** A message with strict line ends, as a client that knows the rules sends it. */
function stuff(message: string): Buffer {
  return Buffer.from(`${message.replace(/(^|\r\n)\./g, '$1..')}.\r\n`, 'latin1')
}

const text = fc
  .array(fc.constantFrom('.', '..', 'a', 'bc', '\r\n', '\r\n.', ' ', 'é', '\x80\xff'), { maxLength: 60 })
  .map((parts) => (parts.length === 0 ? '' : `${parts.join('')}\r\n`))

test('any message in any pieces arrives with the same octets, and what follows it stays', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(200), { maxLength: 20 }), (message, cuts) => {
      const reader = readerOf()
      const wire = Buffer.concat([stuff(message), Buffer.from('RSET\r\n')])
      expect(feedIn(reader, wire, cuts)).toBe('RSET\r\n')
      expect(reader.fault).toBeUndefined()
      expect(reader.octets).toBe(message.length)
      expect(reader.take().toString('latin1')).toBe(message)
    }),
    { numRuns: 500 },
  )
})

const lenientEnds = [
  '\n.\n',
  '\n.\r\n',
  '\r.\r',
  '\r\n.\n',
  '\r\n.\r',
  '\n.\r',
  '\r.\n',
  '\r.\r\n',
  '\r\n.\r\r\n',
  '\n\n.\r\n',
]

test.each(lenientEnds)('%j never ends the data, wherever it is split, and the message is at fault', (end) => {
  const wire = Buffer.from(`From: a@acme.example\r\n\r\nbody${end}MAIL FROM:<evil@acme.example>\r\n`)
  for (let first = 0; first <= wire.length; first++) {
    for (let second = first; second <= Math.min(first + 8, wire.length); second++) {
      const reader = readerOf()
      expect(feedIn(reader, wire, [first, second])).toBeUndefined()
      expect(reader.fault).toMatch(/^bare-(cr|lf)$/)
    }
  }
})

test.each(lenientEnds)('%j octet by octet ends nothing; the real end behind it does', (end) => {
  const wire = Buffer.from(`x${end}QUIT\r\n.\r\nRSET\r\n`)
  const reader = readerOf()
  expect(feedIn(reader, wire, [...wire.keys()])).toBe('RSET\r\n')
  expect(reader.fault).toMatch(/^bare-(cr|lf)$/)
})

test('whatever the octets, only CRLF.CRLF ends the data, and only strict lines are without fault', () => {
  const octets = fc.array(fc.constantFrom('\r', '\n', '.', 'a', '\0', '\r\n', '\r\n.\r\n'), { maxLength: 30 })
  fc.assert(
    fc.property(octets, fc.array(fc.nat(60), { maxLength: 10 }), (parts, cuts) => {
      const wire = parts.join('')
      const reader = readerOf()
      const rest = feedIn(reader, Buffer.from(wire), cuts)
      // the CRLF of the DATA command itself counts as the end of the line before
      const at = `\r\n${wire}`.indexOf('\r\n.\r\n')
      expect(rest).toBe(at < 0 ? undefined : wire.slice(at + 3))
      const seen = at < 0 ? wire : wire.slice(0, at + 3)
      const isStrict = !/\0|\r(?=[^\n])|(?<!\r)\n/.test(seen)
      expect(reader.fault === undefined).toBe(isStrict)
    }),
    { numRuns: 2000 },
  )
})

test('a message of single octets is kept in few pieces', () => {
  const wire = stuff(`${'a'.repeat(5000)}\r\n`)
  const reader = readerOf()
  feedIn(reader, wire, [...wire.keys()])
  expect(reader.take().length).toBe(5002)
})

test.each([
  ['size', { messageOctets: 10, lineOctets: 100 }, 'too much\r\nfor this\r\n'],
  ['line', { messageOctets: 1000, lineOctets: 10 }, 'elevenchars\r\n'],
  ['line', { messageOctets: 1000, lineOctets: 10 }, 'twelve chars'],
  ['nul', wide, 'a\0b\r\n'],
])('fault %s is found under %j', (fault, limits, content) => {
  const reader = readerOf(limits)
  feedIn(reader, Buffer.from(content), [3, 5])
  expect(reader.fault).toBe(fault)
})

test.each(['tencharsxx\r\n', 'tencharsxx'])('a line of exactly the limit is taken: %j', (content) => {
  const reader = readerOf({ messageOctets: 12, lineOctets: 10 })
  feedIn(reader, Buffer.from(content), [])
  expect(reader.fault).toBeUndefined()
})

test('octets are taken from the budget once and given back once', () => {
  const budget = new ByteBudget(20)
  const one = readerOf(wide, budget)
  feedIn(one, Buffer.from('fifteen octets\r\n'), [4])
  const two = readerOf(wide, budget)
  feedIn(two, Buffer.from('fifteen octets\r\n'), [4])
  expect([one.fault, two.fault]).toEqual([undefined, 'memory'])
  one.release()
  one.release()
  two.release()
  expect([budget.take(21), budget.take(20)]).toEqual([false, true])
})

test('octets above 127 are noticed', () => {
  const plain = readerOf()
  feedIn(plain, Buffer.from('plain\r\n'), [])
  const eight = readerOf()
  feedIn(eight, Buffer.from('f\u00fcr\r\n'), [1])
  expect([plain.isEightBit, eight.isEightBit]).toEqual([false, true])
})
