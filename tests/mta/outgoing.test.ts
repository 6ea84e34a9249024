/** What a message loses and gains before it is stored. */

import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { assembleBody, outgoing } from '../../src/mta/queue/outgoing.ts'
import { EngineFixture } from '../support/engineFixture.ts'

const at = Date.UTC(2026, 11, 1, 1, 2, 3)

function travelling(message: string): string {
  const data = Buffer.from(message, 'latin1')
  const end = data.indexOf('\r\n\r\n')
  const { added, removed } = outgoing(data, end < 0 ? data.length : end + 4, at, 'id@relay.test')
  return Buffer.from(assembleBody(added, data, removed)).toString('latin1')
}

const dated = 'Date: now\r\nMessage-ID: <a@b>\r\n'

describe('fields that do not travel are taken out, whole', () => {
  test.each([
    ['Bcc', 'Bcc: boss@heron.example\r\n'],
    ['in any case', 'bCC: boss@heron.example\r\n'],
    ['with a blank before the colon', 'Bcc \t: boss@heron.example\r\n'],
    ['empty', 'Bcc:\r\n'],
    ['folded', 'Bcc: boss@heron.example,\r\n\tchief@heron.example,\r\n  \r\n x@heron.example\r\n'],
    ['Resent-Bcc', 'Resent-Bcc: boss@heron.example\r\n'],
    ['Return-Path', 'Return-Path: <old@acme.example>\r\n'],
    ['twice', 'Bcc: one@heron.example\r\nBCC: two@heron.example\r\n'],
  ])('%s', (_name, field) => {
    const rest = `${dated}From: a@acme.example\r\n`
    for (const [before, after] of [
      ['', rest],
      [rest, ''],
      ['From: a@acme.example\r\n', dated],
    ] as const)
      expect(travelling(`${before}${field}${after}\r\nBcc: in the body\r\n`)).toBe(
        `${before}${after}\r\nBcc: in the body\r\n`,
      )
  })

  test.each(['X-Bcc: a\r\n', 'Bcc-Note: a\r\n', 'Subject: a\r\n Bcc: b\r\n', 'Bcc\r\n', 'To: a\r\n'])(
    '%j stays',
    (field) => {
      expect(travelling(`${dated}${field}\r\nbody\r\n`)).toBe(`${dated}${field}\r\nbody\r\n`)
    },
  )
})

test('a missing Date and Message-ID stand above everything', () => {
  expect(travelling('From: a@b\r\n\r\nx\r\n')).toBe(
    'Date: Tue, 01 Dec 2026 01:02:03 +0000\r\nMessage-ID: <id@relay.test>\r\nFrom: a@b\r\n\r\nx\r\n',
  )
  expect(travelling('DATE: x\r\n\r\n')).toMatch(/^Message-ID: <id@relay.test>\r\nDATE/)
  expect(travelling('message-id : <x@y>\r\n\r\n')).toMatch(/^Date: [^\r]+\r\nmessage-id/)
})

test('every other byte stays, whatever the message is', () => {
  const name = fc.constantFrom('To', 'Bcc', 'Subject', 'Return-Path', 'Resent-Bcc', 'X-Bcc', 'bcc', 'B')
  const text = fc.string({ maxLength: 20 }).map((value) => value.replace(/[\r\n]/g, '.'))
  const field = fc.tuple(name, text, fc.array(text, { maxLength: 2 }))
  fc.assert(
    fc.property(fc.array(field, { maxLength: 12 }), text, (fields, body) => {
      const write = (all: typeof fields) =>
        all.map(([key, value, folds]) => `${key}:${value}\r\n${folds.map((fold) => ` ${fold}\r\n`).join('')}`).join('')
      const kept = fields.filter(([key]) => !['bcc', 'return-path', 'resent-bcc'].includes(key.toLowerCase()))
      expect(travelling(`${dated}${write(fields)}\r\n${body}`)).toBe(
        Buffer.from(`${dated}${write(kept)}\r\n${body}`, 'latin1').toString('latin1'),
      )
    }),
  )
})

describe('a submitted message', () => {
  let fixture: EngineFixture
  afterEach(() => fixture.stop())

  test('shows its blind recipients to nobody, neither on the wire nor in the log', async () => {
    fixture = await EngineFixture.start()
    const raw =
      'From: Acme <news@acme.example>\r\nTo: tom@kestrel.example\r\nBcc: boss@heron.example\r\n' +
      'Return-Path: <old@acme.example>\r\nSubject: bcc\r\n\r\nbody\r\n'
    const id = await fixture.submit({
      from: 'news@acme.example',
      to: ['tom@kestrel.example', 'boss@heron.example'],
      raw,
    })
    const detail = await fixture.status(id, 'delivered')
    const [message] = fixture.sink.messages
    for (const text of [message!.data.toString(), Buffer.from(detail.headers).toString()])
      expect(text).not.toMatch(/boss@|bcc:|return-path:|old@/i)
    expect(message!.data.toString()).toMatch(
      /^Received: .*?\r\nDate: .*\r\nMessage-ID: <.*@relay\.test>\r\nFrom: Acme .*\r\n\r\nbody\r\n$/s,
    )
    expect(Buffer.from(detail.headers).toString()).toMatch(/Subject: bcc\r\n\r\n$/)
    expect(detail.messageId).toMatch(/@relay\.test$/)
    expect(detail.size).toBe(message!.data.length)
  })
})
