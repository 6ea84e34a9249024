/** Complaints by mail: what is read out of the formats reporters use, and that nothing hostile costs much. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFeedback } from '../../src/abuse/complaints/feedback.ts'
import { letter, type Original, outlookReport, redactedReport, yahooReport } from './support.ts'

const trace = lines(
  'Received: from client.acme.example ([192.0.2.7])',
  '\tby relay.test (Mailward) with ESMTP id 05F0AAB1C2D;',
  '\tTue, 24 Nov 2026 00:00:00 +0000',
)
const original: Original = {
  headers: lines(
    'Received: from relay.test by mx.kestrel.example; Tue, 24 Nov 2026 00:00:01 +0000',
    trace,
    'From: Billing <billing@acme.example>',
    'To: tom@kestrel.example',
    'Message-ID: <invoice-1@acme.example>',
    '',
  ),
  from: 'billing@acme.example',
  to: 'tom@kestrel.example',
}

function lines(...text: string[]): string {
  return text.join('\r\n')
}

function read(text: string) {
  return readFeedback(Buffer.from(text), 'relay.test')
}

test.each([
  ['RFC 5965 with the message', yahooReport, 'report'],
  ['the message attached', outlookReport, 'attached'],
  ['RFC 5965, redacted, header alone', redactedReport, 'report'],
  ['a letter that quotes the header', letter, 'letter'],
] as const)('%s: trace field and Message-ID are found', async (_, make, form) => {
  const found = await read(make(original))
  expect(found).toMatchObject({ form, type: 'abuse', messageIds: ['invoice-1@acme.example'] })
  expect(found.traces).toEqual([
    {
      id: '05F0AAB1C2D',
      field:
        'from client.acme.example ([192.0.2.7]) by relay.test (Mailward) with ESMTP id 05F0AAB1C2D; Tue, 24 Nov 2026 00:00:00 +0000',
    },
  ])
})

test('the envelope is taken where it is not redacted', async () => {
  const { from, to, arrivedAt } = await read(yahooReport(original))
  expect({ from, to, arrivedAt }).toEqual({
    from: 'billing@acme.example',
    to: 'tom@kestrel.example',
    arrivedAt: Date.UTC(2026, 10, 24),
  })
  expect(await read(redactedReport(original))).toMatchObject({ from: undefined, to: undefined })
})

test('trace fields of other relays are none of ours', async () => {
  const foreign = original.headers.replace('by relay.test (Mailward)', 'by relay.test.evil.example (Mailward)')
  expect((await read(yahooReport({ ...original, headers: foreign }))).traces).toEqual([])
})

test('a report in base64 is read', async () => {
  const encoded = yahooReport(original).replace(
    /Content-Type: message\/feedback-report\r\n\r\n([\s\S]*?)\r\n\r\n--/,
    (_, fields: string) =>
      `Content-Type: message/feedback-report\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(
        fields.replace('abuse', 'fraud'),
      ).toString('base64')}\r\n\r\n--`,
  )
  expect(await read(encoded)).toMatchObject({ form: 'report', type: 'fraud' })
})

test.each([
  ['an absence note', 'Auto-Submitted: auto-replied\r\nSubject: away\r\n\r\nI am away.\r\n'],
  [
    'a delivery report',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nhi\r\n--x--\r\n',
  ],
])('%s is no complaint', async (_, text) => {
  expect((await read(text)).form).toBe('automatic')
})

test('praise and reports on signatures have a type of their own', async () => {
  const typed = (type: string) => read(yahooReport(original).replace('Feedback-Type: abuse', `Feedback-Type: ${type}`))
  expect((await typed('not-spam')).type).toBe('not-spam')
  expect((await typed('auth-failure')).type).toBe('authentication')
  expect((await typed('<script>')).type).toBe('other')
})

const M = 1024 * 1024

/** Mail that is built to cost memory or time: 5 MiB each, as much as the desk takes. */
const bombs: [string, string][] = [
  ['a million empty parts', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat((5 * M) / 7)}`],
  [
    'parts nested a thousand deep',
    Array.from({ length: 1000 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join(''),
  ],
  ['messages in messages', 'Content-Type: message/rfc822\r\n\r\n'.repeat((5 * M) / 33)],
  ['a header of 5 MiB', `Received: ${'a '.repeat(2.5 * M)}\r\n\r\nx`],
  ['a million header fields', `${'Received: x\r\n'.repeat((5 * M) / 13)}\r\nx`],
  ['a folded header', `Received: x\r\n${'\t(\r\n'.repeat((5 * M) / 4)}\r\nx`],
  ['empty lines', `Subject: x\r\n${'\r\n'.repeat(2.5 * M)}`],
  ['quotes in quotes', `Subject: x\r\n\r\n${'>'.repeat(5 * M)}`],
  ['quoted message ids', `Subject: x\r\n\r\n${'Message-ID:\n '.repeat((5 * M) / 13)}`],
  ['an address list without an end', `From: ${'"<(,;:'.repeat(20_000)}\r\n\r\nx`],
  [
    'encoded words',
    `Subject: ${'=?utf-8?q?=?='.repeat(8000)}\r\nContent-Type: text/plain; name*0*=${"''%".repeat(20_000)}\r\n\r\nx`,
  ],
  [
    'a report of 5 MiB of fields',
    `Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n${'Feedback-Type: a\r\n'.repeat((5 * M) / 18)}`,
  ],
]

test.each(bombs)(
  '%s: read in bounded memory, with bounded findings',
  async (_, text) => {
    const content = Buffer.from(text)
    globalThis.gc?.()
    const before = process.memoryUsage().rss
    const found = await readFeedback(content, 'relay.test')
    // of several hundred bytes a part or field this would be gigabytes
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * M)
    expect(found.traces.length).toBeLessThanOrEqual(5)
    expect(found.messageIds.length).toBeLessThanOrEqual(5)
  },
  20_000,
)

test('whatever comes, reading never fails', async () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '\r\n',
      '\r\n\r\n',
      '--b\r\n',
      '--b--\r\n',
      'Content-Type: multipart/report; boundary=b\r\n',
      'Content-Type: message/feedback-report\r\n',
      'Content-Type: message/rfc822\r\n',
      'Content-Transfer-Encoding: base64\r\n',
      'Feedback-Type: abuse\r\n',
      'Received: by relay.test (Mailward) with ESMTP id ',
      '=?utf-8?b?',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      expect(await read(pieces.join(''))).toHaveProperty('form')
    }),
    { numRuns: 300 },
  )
})
