/** Mail that machines make proves nothing; codes stand in the writer's own words; what a mail is decides, not who made it. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readFeedback } from '../../src/abuse/complaints/feedback.ts'
import { readRequestMail } from '../../src/mta/mailboxes/readMail.ts'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url))
const letter = (head: string, text: string) =>
  readRequestMail(Buffer.from(`From: tom@kestrel.example\r\n${head}Subject: Re: [request 2]\r\n\r\n${text}\r\n`))

test('an acknowledgement that quotes our letter has no code', async () => {
  expect(await readRequestMail(fixture('ticketAcknowledgement.eml'))).toMatchObject({
    about: 2,
    codes: [],
    machineMade: true,
    mayAnswer: false,
  })
})

test.each([
  'Auto-Submitted: auto-generated\r\n',
  'Precedence: bulk\r\n',
  'Precedence: list\r\n',
  'Precedence: junk\r\n',
  'X-Auto-Response-Suppress: All\r\n',
  'X-Autoreply: yes\r\n',
  'X-Autorespond: yes\r\n',
  'List-Id: <cats.kestrel.example>\r\n',
  'Return-Path: <>\r\n',
  'Content-Type: multipart/report; boundary=b\r\n',
])('a mail with %j holds no code', async (head) => {
  expect(await letter(head, '1234 5678')).toMatchObject({ machineMade: true, codes: [] })
})

test.each([
  ['alone', '1234 5678', ['12345678']],
  ['in a sentence', 'the code is 12345678.', ['12345678']],
  ['above what is quoted', '1234-5678\n\n> 8765 4321', ['12345678']],
  ['in quoted text', '> 1234 5678', []],
  ['below an attribution', 'Hello\nOn 30 Nov 2026, the relay wrote:\n1234 5678', []],
  ['below the original message', 'Hello\n-----Original Message-----\n1234 5678', []],
  ['in a signature', 'Hello\n-- \nTom 1234 5678', []],
  ['of a telephone', 'Tel. 1234 5678\n+49 1234 5678\n030 1234 5678', []],
])('digits %s', async (_, text, codes) => {
  expect((await letter('', text.replaceAll('\n', '\r\n'))).codes).toEqual(codes)
})

test('a quotation in a page holds no code, and the words above it do', async () => {
  const head = 'Content-Type: text/html\r\n'
  const page = '<p>1234 5678</p><blockquote><p>8765 4321</p></blockquote><div class="gmail_quote">1111 2222</div>'
  expect((await letter(head, page)).codes).toEqual(['12345678'])
})

test('where a contact form wants its answers is read', async () => {
  expect(await readRequestMail(fixture('contactForm.eml'))).toMatchObject({
    from: 'wordpress@shop.example',
    replyTo: 'Tom Miller <tom@kestrel.example>',
    machineMade: false,
  })
})

const quoted =
  'Received: from a ([192.0.2.7])\r\n\tby relay.test (Mailward) with ESMTP id 05F0AAB1C2D;\r\n\tTue, 24 Nov 2026 00:00:00 +0000\r\n' +
  'Message-ID: <invoice-1@acme.example>\r\n'

test('a report that a program made and sends as bulk is a complaint', async () => {
  const text = fixture('automatedReport.eml').toString().replaceAll(/\r?\n/g, '\r\n')
  const report = text.replace('PASTE THE HEADER OF A MESSAGE AS THE SINK GOT IT\r\n', quoted)
  expect(await readFeedback(Buffer.from(report), 'relay.test')).toMatchObject({
    form: 'letter',
    messageIds: ['invoice-1@acme.example'],
    traces: [{ id: '05F0AAB1C2D' }],
  })
})

test('a complaint in HTML alone is read', async () => {
  const page = `Content-Type: text/html\r\n\r\n<p>Spam!</p><pre>Message-ID: &lt;invoice-1@acme.example&gt;</pre>`
  expect(await readFeedback(Buffer.from(page), 'relay.test')).toMatchObject({
    form: 'letter',
    messageIds: ['invoice-1@acme.example'],
  })
})

test.each([
  ['a delivery report', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n'],
  ['a mail without a return path', 'Return-Path: <>\r\nContent-Type: multipart/mixed; boundary=b\r\n'],
  ['an absence note', 'Auto-Submitted: auto-replied\r\nContent-Type: multipart/mixed; boundary=b\r\n'],
])('%s with our message in it is no complaint', async (_, head) => {
  const bounce = `${head}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${quoted}\r\nhello\r\n--b--\r\n`
  expect((await readFeedback(Buffer.from(bounce), 'relay.test')).form).toBe('automatic')
})
