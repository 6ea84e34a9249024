import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import type { Delivery, Envelope, MessageRecord, RecipientOptions } from '../../src/model/message.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import { type Action, buildNotification, type Notified } from '../../src/mta/dsn/notification.ts'
import type { SystemMessage } from '../../src/mta/mime/systemMessage.ts'

const acceptedAt = Date.UTC(2026, 10, 23, 20, 32, 5)
const now = Date.UTC(2026, 10, 24, 1, 0, 0)

function recordOf(more: Partial<MessageRecord> = {}, envelope: Partial<Envelope> = {}): MessageRecord {
  return {
    id: 4096,
    account: 1,
    credential: 1,
    acceptedAt,
    envelope: {
      from: 'ann@acme.example',
      smtputf8: false,
      body: '7bit',
      ret: undefined,
      envid: undefined,
      ...envelope,
    },
    subject: 'Invoice 7',
    messageId: 'abc@acme.example',
    size: 1234,
    headers: Buffer.from('From: ann@acme.example\r\nSubject: Invoice 7\r\n\r\n'),
    client: { address: '127.0.0.1', helo: 'c', tls: undefined },
    keepUntil: 0,
    sampled: false,
    ...more,
  }
}

function deliveryOf(recipient: string, options: Partial<RecipientOptions> = {}): Delivery {
  return {
    ordinal: 0,
    recipient,
    options: { notify: undefined, orcpt: undefined, ...options },
    destination: 'kestrel.example',
    state: 'sending',
    reason: '',
    nextAttemptAt: undefined,
    attempts: 1,
    inDoubt: false,
  }
}

const refused: Outcome = {
  kind: 'failed',
  reason: '550 5.1.1 no such user',
  reply: { code: 550, enhancedCode: '5.1.1', text: 'no such user' },
}
const lost: Outcome = { kind: 'deferred', reason: 'cannot connect: refused', reply: undefined, inDoubt: false }
const taken = (dsn: boolean): Outcome => ({
  kind: 'delivered',
  reply: { code: 250, enhancedCode: undefined, text: 'ok' },
  dsn,
})

const outcomes: Record<Action, Outcome> = { failed: refused, expired: lost, delayed: lost, relayed: taken(false) }

function tell(action: Action, recipient = 'bob@kestrel.example', options: Partial<RecipientOptions> = {}): Notified {
  return { delivery: deliveryOf(recipient, options), outcome: outcomes[action], action }
}

const destination = 'mx1.kestrel.example [192.0.2.7]:25'

function build(told: Notified[], record = recordOf()): SystemMessage | undefined {
  return buildNotification({ hostname: 'relay.example', id: '0K6F1ZZZZZZ', now, record, told, destination })
}

/** The parts of a notification as another program reads them: types, and decoded texts. */
async function read(data: Uint8Array) {
  const mail = await PostalMime.parse(data, { rfc822Attachments: true, forceRfc822Attachments: true })
  const parts = mail.attachments.map(({ mimeType, content }) => ({
    type: mimeType,
    text: typeof content === 'string' ? content : new TextDecoder().decode(content),
  }))
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value
  return { mail, parts, header }
}

/** The field groups of a delivery status. */
function groupsOf(text: string): Record<string, string>[] {
  const unfolded = text.replaceAll(/\r?\n[ \t]/g, ' ').trim()
  return unfolded
    .split(/\r?\n\r?\n/)
    .map((group) =>
      Object.fromEntries(
        group
          .split(/\r?\n/)
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      ),
    )
}

test('a failure is told to the sender with status and header, and without the body', async () => {
  const written = build([tell('failed')])!
  const { mail, parts, header } = await read(written.data)
  expect(written).toMatchObject({
    recipient: 'ann@acme.example',
    subject: 'Not delivered: Invoice 7',
    messageId: '0K6F1ZZZZZZ@relay.example',
    smtputf8: false,
  })
  expect(mail).toMatchObject({
    from: { address: 'MAILER-DAEMON@relay.example', name: 'Mail Delivery System' },
    to: [{ address: 'ann@acme.example' }],
    subject: 'Not delivered: Invoice 7',
    messageId: '<0K6F1ZZZZZZ@relay.example>',
    inReplyTo: '<abc@acme.example>',
    date: '2026-11-24T01:00:00.000Z',
  })
  expect(header('auto-submitted')).toBe('auto-replied')
  expect(header('content-type')).toMatch(/^multipart\/report; report-type=delivery-status; boundary="/)
  expect(mail.text).toContain('bob@kestrel.example\n    mx1.kestrel.example said: 550 5.1.1 no such user')
  expect(parts.map(({ type }) => type)).toEqual(['message/delivery-status', 'text/rfc822-headers'])
  expect(groupsOf(parts[0]!.text)).toEqual([
    {
      'Reporting-MTA': 'dns; relay.example',
      'X-Mailward-Message': '00000000400',
      'Arrival-Date': 'Mon, 23 Nov 2026 20:32:05 +0000',
    },
    {
      'Final-Recipient': 'rfc822; bob@kestrel.example',
      Action: 'failed',
      Status: '5.1.1',
      'Remote-MTA': 'dns; mx1.kestrel.example',
      'Diagnostic-Code': 'smtp; 550 5.1.1 no such user',
      'Last-Attempt-Date': 'Tue, 24 Nov 2026 01:00:00 +0000',
    },
  ])
  expect(parts[1]!.text.trimEnd()).toBe('From: ann@acme.example\nSubject: Invoice 7')
  expect(Buffer.from(written.data.subarray(0, written.headerLength)).toString()).toMatch(/[^\r\n]\r\n\r\n$/)
})

test.each<[Action, Record<string, string>]>([
  ['expired', { Action: 'failed', Status: '5.4.7', 'Diagnostic-Code': 'x-mailward; cannot connect: refused' }],
  ['delayed', { Action: 'delayed', Status: '4.0.0', 'Will-Retry-Until': 'Sat, 28 Nov 2026 20:32:05 +0000' }],
  ['relayed', { Action: 'relayed', Status: '2.0.0', 'Diagnostic-Code': 'smtp; 250 ok' }],
])('%s has its own status', async (action, fields) => {
  const { parts } = await read(
    build([tell(action, 'bob@kestrel.example', { notify: ['success', 'delay', 'failure'] })])!.data,
  )
  const [, recipient] = groupsOf(parts[0]!.text)
  expect(recipient).toMatchObject(fields)
  // a host is named only as the source of a reply
  expect('Remote-MTA' in recipient!).toBe(action === 'relayed')
})

test('several recipients are told in one notification, those who are not wanted left out', async () => {
  const written = build([
    tell('failed', 'one@kestrel.example'),
    tell('failed', 'two@kestrel.example', { notify: ['never'] }),
    tell('relayed', 'three@kestrel.example', { notify: ['success'] }),
  ])!
  const { mail, parts } = await read(written.data)
  expect(groupsOf(parts[0]!.text).slice(1)).toEqual([
    expect.objectContaining({ 'Final-Recipient': 'rfc822; one@kestrel.example', Action: 'failed' }),
    expect.objectContaining({ 'Final-Recipient': 'rfc822; three@kestrel.example', Action: 'relayed' }),
  ])
  expect(mail.text).not.toContain('two@')
})

describe('NOTIFY', () => {
  test.each<[Action, RecipientOptions['notify'], boolean]>([
    ['failed', undefined, true],
    ['failed', ['failure'], true],
    ['failed', ['success', 'delay'], false],
    ['failed', ['never'], false],
    ['expired', undefined, true],
    ['expired', ['never'], false],
    ['delayed', undefined, true],
    ['delayed', ['delay'], true],
    ['delayed', ['failure'], false],
    ['delayed', ['never'], false],
    ['relayed', undefined, false],
    ['relayed', ['success'], true],
    ['relayed', ['failure'], false],
  ])('%s with %j: %s', (action, notify, wanted) => {
    expect(build([tell(action, 'bob@kestrel.example', { notify })]) !== undefined).toBe(wanted)
  })

  test('success is not ours to tell when the next hop knows DSN', () => {
    const told = { ...tell('relayed', 'bob@kestrel.example', { notify: ['success'] }), outcome: taken(true) }
    expect(build([told])).toBeUndefined()
  })
})

test('a message without a sender gets no notification', () => {
  expect(build([tell('failed')], recordOf({}, { from: '' }))).toBeUndefined()
})

test('what the sender named is given back', async () => {
  const told = tell('failed', 'bob@kestrel.example', { orcpt: 'rfc822;b+2Bx+40old.example' })
  const { parts } = await read(build([told], recordOf({}, { envid: 'QQ+2B7' }))!.data)
  const [message, recipient] = groupsOf(parts[0]!.text)
  expect(message).toMatchObject({ 'Original-Envelope-Id': 'QQ+7' })
  expect(recipient).toMatchObject({ 'Original-Recipient': 'rfc822; b+x@old.example' })
})

test('no remote host is named when none was spoken to', async () => {
  const told = [tell('expired')]
  const written = buildNotification({
    hostname: 'relay.example',
    id: 'X',
    now,
    record: recordOf(),
    told,
    destination: 'kestrel.example',
  })!
  const { mail, parts } = await read(written.data)
  expect(groupsOf(parts[0]!.text)[1]).not.toHaveProperty('Remote-MTA')
  expect(mail.text).toContain('    cannot connect: refused')
})

describe('outside ASCII', () => {
  test('a recipient makes the UTF-8 forms, in 7 bit', async () => {
    const record = recordOf({ headers: Buffer.from('Subject: grüße\r\n\r\n'), subject: 'grüße' }, { smtputf8: true })
    const written = build([tell('failed', 'анна@bücher.example')], record)!
    const { mail, parts } = await read(written.data)
    expect(parts.map(({ type }) => type)).toEqual(['message/global-delivery-status', 'message/global-headers'])
    expect(groupsOf(parts[0]!.text)[1]).toMatchObject({ 'Final-Recipient': 'utf-8; анна@xn--bcher-kva.example' })
    expect(mail.subject).toBe('Not delivered: grüße')
    expect(mail.text).toContain('анна@bücher.example')
    expect(parts[1]!.text).toContain('Subject: grüße')
    expect([...written.data].every((byte) => byte < 127)).toBe(true)
    expect(written.smtputf8).toBe(false)
  })

  test('a sender makes a notification that needs SMTPUTF8', async () => {
    const written = build([tell('failed')], recordOf({}, { from: 'анна@acme.example' }))!
    expect(written).toMatchObject({ recipient: 'анна@acme.example', smtputf8: true })
    expect((await read(written.data)).mail.to).toEqual([{ address: 'анна@acme.example', name: '' }])
  })

  test('a sender with only the domain does not', () => {
    expect(build([tell('failed')], recordOf({}, { from: 'ann@bücher.example' }))!.smtputf8).toBe(false)
  })
})

const bytes = fc.uint8Array({ maxLength: 400 })
const headerish = fc
  .array(
    fc.constantFrom('\r\n', 'Subject: x', '\r', '\n', '--', '=_0K6F1ZZZZZZ', 'ü', ' ', '\t', 'a'.repeat(1200), '\0'),
    {
      maxLength: 30,
    },
  )
  .map((parts) => new Uint8Array(Buffer.from(parts.join(''))))
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 80 }))
const actions = fc.constantFrom<Action>('failed', 'expired', 'delayed', 'relayed')

test('whatever goes in, the notification is well-formed, in lines of CRLF, and keeps the header to the byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(bytes, headerish),
      anyText,
      anyText,
      anyText,
      anyText,
      actions,
      async (headers, from, to, subject, reason, action) => {
        fc.pre(from !== '')
        const outcome: Outcome = { kind: 'failed', reason, reply: { code: 550, enhancedCode: '5.1.1', text: reason } }
        const told = [{ delivery: deliveryOf(to, { notify: ['success', 'failure', 'delay'] }), outcome, action }]
        const record = recordOf({ headers, subject }, { from })
        const written = build(told, record)!
        const text = Buffer.from(written.data).toString('latin1')
        expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
        expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
        const body = text.slice(written.headerLength)
        expect(body).toMatch(/^[\t\r\n -~]*$/)
        const boundary = /boundary="([^"]+)"/.exec(text)![1]!
        expect(text.split(`--${boundary}`)).toHaveLength(5)
        const { parts } = await read(written.data)
        expect(groupsOf(parts[0]!.text)).toHaveLength(2)
        expect(keptHeader(body, boundary)).toEqual(withoutEmptyLine(Buffer.from(headers)))
      },
    ),
    { numRuns: 300 },
  )
})

/** The header block out of the last part, decoded by the book (RFC 2045 §6.7). */
function keptHeader(body: string, boundary: string): Buffer {
  const part = body.split(`--${boundary}`)[3]!
  const at = part.indexOf('\r\n\r\n')
  const text = part.slice(at + 4, -2)
  const isEncoded = part.slice(0, at).includes('quoted-printable')
  // blanks at the end of a line get lost on the way (RFC 2045 §6.7, rule 3)
  if (isEncoded) expect(text).not.toMatch(/[ \t](\r\n|$)/)
  const decoded = isEncoded
    ? text
        .replaceAll('=\r\n', '')
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
  return Buffer.from(decoded, 'latin1')
}

function withoutEmptyLine(headers: Buffer): Buffer {
  return headers.subarray(-4).equals(Buffer.from('\r\n\r\n')) ? headers.subarray(0, -2) : headers
}
