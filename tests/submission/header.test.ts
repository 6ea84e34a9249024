import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultHeaderLimits, type Span, scanHeader } from '../../src/model/header.ts'

interface Field {
  name: string
  value: string
}

const name = fc.constantFrom(
  'From',
  'FROM',
  'from ',
  'From\t',
  'Fromage',
  'X-From',
  'Subject',
  'subject',
  'Subjects',
  'Message-ID',
  'message-id',
  'Message_ID',
  'Received',
  'RECEIVED',
  'Received-SPF',
  'To',
  'X',
)
const value = fc.constantFrom(
  ' a@acme.example',
  '',
  ' two\r\n lines',
  ' x\r\n\tFrom: fold@evil.example',
  ' :',
  '\tüber',
)
const fields = fc.array(fc.record({ name, value }), { maxLength: 12 })

function writeBlock(list: readonly Field[]): string {
  return list.map((field) => `${field.name}:${field.value}\r\n`).join('')
}

function textOf(data: Buffer, span: Span | undefined): string | undefined {
  return span && data.toString('utf8', span.start, span.end)
}

function named(list: readonly Field[], wanted: string): string[] {
  return list.filter((field) => field.name.trim().toLowerCase() === wanted).map((field) => field.value)
}

test('the fields intake needs are found by name, in any case, folded or not, and nothing of the body is', () => {
  fc.assert(
    fc.property(fields, fc.constantFrom('', 'From: body@evil.example\r\n', '\r\nReceived: x\r\n'), (list, body) => {
      const block = `${writeBlock(list)}\r\n`
      const data = Buffer.from(block + body)
      const scan = scanHeader(data)
      expect({
        length: scan.length,
        fields: scan.fields,
        received: scan.received,
        from: scan.from.map((span) => textOf(data, span)),
        subject: textOf(data, scan.subject),
        messageId: textOf(data, scan.messageId),
        fault: scan.fault,
      }).toEqual({
        length: Buffer.byteLength(block),
        fields: list.length,
        received: named(list, 'received').length,
        from: named(list, 'from'),
        subject: named(list, 'subject')[0],
        messageId: named(list, 'message-id')[0],
        fault: undefined,
      })
    }),
    { numRuns: 1000 },
  )
})

test('a message without an empty line is all header', () => {
  const data = Buffer.from('From: a@acme.example\r\nSubject: x\r\n')
  const scan = scanHeader(data)
  expect([scan.length, textOf(data, scan.subject), scan.fault]).toEqual([data.length, ' x', undefined])
})

test('a From behind a line that is no field still counts', () => {
  const data = Buffer.from('From someone Mon Jan 1 00:00:00 2024\r\ngarbage\r\nFrom: a@acme.example\r\n\r\n')
  expect(scanHeader(data).from.map((span) => textOf(data, span))).toEqual([' a@acme.example'])
})

const limits = { blockOctets: 60, fields: 3, lineOctets: 20 }

test.each([
  ['a line of the limit', `${'x'.repeat(20)}\r\n\r\n`, undefined],
  ['a longer line', `${'x'.repeat(21)}\r\n\r\n`, 'line'],
  ['a longer line in the body', `X: y\r\n\r\n${'x'.repeat(100)}\r\n`, undefined],
  ['fields to the limit', `${'X: y\r\n'.repeat(3)}\r\n`, undefined],
  ['one field more', `${'X: y\r\n'.repeat(4)}\r\n`, 'fields'],
  ['a block of the limit', `${`${'x'.repeat(17)}\r\n ${'x'.repeat(16)}\r\n ${'x'.repeat(17)}\r\n`}\r\n`, undefined],
  ['a longer block', `${`${'x'.repeat(18)}\r\n ${'x'.repeat(16)}\r\n ${'x'.repeat(17)}\r\n`}\r\n`, 'block'],
  ['an endless block', ` ${'x'.repeat(10)}\r\n`.repeat(100), 'start'],
  ['an endless line', 'x'.repeat(100), 'block'],
  ['a folded line that continues nothing', ' x\r\n\r\n', 'start'],
])('%s: %s', (_name, text, fault) => {
  expect(scanHeader(Buffer.from(text), limits).fault).toBe(fault)
})

test('no octets make it throw or read outside', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('From:', 'Fro', 'Message-ID', '\r\n', ' ', ':', 'a'), { maxLength: 20 }),
      (parts) => {
        const data = Buffer.from(parts.join(''))
        const scan = scanHeader(data, defaultHeaderLimits)
        expect(scan.length).toBeLessThanOrEqual(data.length)
        for (const span of scan.from) expect(span.end).toBeLessThanOrEqual(data.length)
      },
    ),
    { numRuns: 1000 },
  )
})
