/** Other people are taken out of what one person is handed, however their addresses are written. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mailboxKey } from '../../src/model/addressKey.ts'
import { createPacker } from '../../src/privacy/exports/handedOver.ts'
import { Numbering, Redactor } from '../../src/privacy/exports/redact.ts'
import { redactHeaders } from '../../src/privacy/exports/redactHeaders.ts'
import type { MessageDetail } from '../../src/store/store.ts'

const tom = 'tom@kestrel.example'

function redactor(person = tom): Redactor {
  return new Redactor(new Numbering(), { person: mailboxKey(person), domains: new Set(['acme.example']) })
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

describe('a text', () => {
  test.each([
    ['plain', 'ann@heron.example'],
    ['in brackets', '<ann@heron.example>'],
    ['quoted local part', '"ann b"@heron.example'],
    ['literal domain', 'ann@[192.0.2.7]'],
    ['with blanks', 'ann @ heron.example'],
    ['with a comment', 'ann(home)@(mine)heron.example'],
    ['international', 'änn@größe.example'],
    ['full-width at', 'ann\uff20heron.example'],
    ['in a link', 'https://x.example/u?e=ann@heron.example&t=1'],
    ['percent-encoded', 'https://x.example/u?e=ann%40heron.example'],
    ['in a link within a link', 'https://x.example/c?u=https%3A%2F%2Fy.example%2Fu%3Fe%3Dann%2540heron.example'],
    ['written as in HTML', 'ann&#64;heron.example'],
    ['written as in HTML, in hexadecimal', 'ann&#x40;heron.example'],
    ['written as in HTML, by name', 'ann&commat;heron.example'],
    ['written as in HTML, without a semicolon', 'ann&#64heron&period;example'],
    ['written as in HTML, letter by letter', '&#97;n&#110;@h&#101;ron&#46;example'],
    ['written as in HTML, with a quoted local part', '"ann b"&#64;heron.example'],
    ['written as in HTML, twice', 'ann&#38;#64;heron.example'],
    ['xtext', 'rfc822;ann+40heron.example'],
    ['base64', base64('to: ann@heron.example')],
    ['encoded word, B', `=?utf-8?B?${base64('for ann@heron.example')}?=`],
    ['encoded word, Q', '=?utf-8?Q?for_ann=40heron.example?='],
    ['over two encoded words', `=?utf-8?B?${base64('ann@her')}?= =?utf-8?B?${base64('on.example')}?=`],
    ['in a return path (VERP)', 'bounce+ann=heron.example@acme.example'],
    ['rewritten (SRS)', 'SRS0=x=y=heron.example=ann@acme.example'],
    ['routed by percent', 'ann%heron.example@acme.example'],
    ['in Authentication-Results', 'spf=pass smtp.mailfrom=ann@heron.example'],
    ['in single quotes', "'ann@heron.example'"],
  ])('loses an address that is %s', (_, text) => {
    const redacted = redactor().text(`before ${text} after`)
    expect(redacted).toMatch(/^before .*\[other person \d+\].* after$/)
    expect(redacted).not.toMatch(/ann|heron|änn|größe/i)
    for (const [token] of redacted.matchAll(/[a-z0-9+/=]{8,}/gi))
      expect(Buffer.from(token, 'base64').toString()).not.toMatch(/ann|heron/)
  })

  test.each([
    'TOM@Kestrel.Example',
    '"tom"@kestrel.example',
    'smtp.mailfrom=tom@kestrel.example',
    'https://x.example/u?e=tom@kestrel.example&t=1',
    'tom%40kestrel.example',
    't&#111;m&#64;kestrel.example',
    'R&#38;D &#0; &#10; &#99999999;',
    'billing@acme.example',
    'bounce+12345@acme.example',
    '=?utf-8?Q?f=C3=BCr_tom=40kestrel.example?=',
    'meet @ noon',
    'no address at all: 10 € @',
  ])('keeps %s', (text) => {
    expect(redactor().text(text)).toBe(text)
  })

  test('loses an address that differs from the own one in a tag: it may be somebody else’s', () => {
    expect(redactor().text('for tom+shop@kestrel.example')).toBe('for [other person 1]')
    expect(redactor('+491111@kestrel.example').text('for +492222@kestrel.example')).toBe('for [other person 1]')
  })

  test('keeps the own international address in both of its forms', () => {
    const own = redactor('info@größe.example')
    expect(own.text('info@xn--gre-6ka8i.example and info@größe.example')).not.toContain('[')
  })

  test('gives the same person the same number, in every form', () => {
    const text = redactor().text('ann@heron.example Ann+x@HERON.example bob@heron.example ann@heron.example')
    expect(text).toBe('[other person 1] [other person 1] [other person 2] [other person 1]')
  })
})

describe('a header block', () => {
  const block = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`

  test('without others stays byte for byte', () => {
    const own = block(
      'Received: from client.acme.example (client.acme.example [192.0.2.7])',
      '\tby relay.example with ESMTPSA id 01ABC; Mon, 23 Nov 2026 12:00:00 +0000',
      'From: "Billing, Acme" <billing@acme.example>',
      'To: Tom <tom@kestrel.example>',
      'Message-ID: <abc.123@acme.example>',
      'Subject: =?utf-8?Q?F=C3=BCr_Sie?=',
    )
    expect(redactHeaders(own, redactor())).toBe(own)
  })

  test('loses people with their names, and keeps the rest of a list', () => {
    const others = block(
      'To: "Heron, Ann" <ann@heron.example>, Tom <tom@kestrel.example>,',
      ' =?utf-8?Q?B=C3=B6b?= <bob@heron.example>; Carla',
      'Cc: Friends: ann@heron.example, dora@wren.example;',
      'Reply-To: "ann@heron.example" <billing@acme.example>',
    )
    expect(redactHeaders(others, redactor())).toBe(
      block(
        'To: [other person 1], Tom <tom@kestrel.example>, [other person 2], [name]',
        'Cc: [other person 1], [other person 3]',
        'Reply-To: "[other person 1]" <billing@acme.example>',
      ),
    )
  })

  test('loses Message-IDs of other systems, and keeps threads', () => {
    const thread = block(
      'Message-ID: <abc.123@acme.example>',
      'References: <ann.99@heron.example> <abc.122@acme.example>',
      'In-Reply-To: <ann.99@heron.example>',
    )
    expect(redactHeaders(thread, redactor())).toBe(
      block(
        'Message-ID: <abc.123@acme.example>',
        'References: <[message id 1]> <abc.122@acme.example>',
        'In-Reply-To: <[message id 1]>',
      ),
    )
  })

  test('that is broken loses people all the same', () => {
    const broken = 'no colon ann@heron.example\r\n: nothing ann@heron.example\nX-A: b\nann@heron.example: c\r\n\r\n'
    expect(redactHeaders(broken, redactor())).not.toContain('heron')
  })
})

/** Ways to write an address that leave it readable for somebody. */
const forms: ((address: string) => string)[] = [
  (address) => address,
  (address) => address.toUpperCase(),
  (address) => `<${address}>`,
  (address) => `"Some Body" <${address}>`,
  (address) => address.replace('@', '%40'),
  (address) => `=?utf-8?B?${base64(address)}?=`,
  (address) => `=?utf-8?Q?${address.replace('@', '=40')}?=`,
  (address) => base64(`user ${address} end`),
  (address) => `b+${address.replace('@', '=')}@acme.example`,
]

/** Every way a text can be read in which an address would show. */
function readings(text: string): string {
  const plain = text.replace(/\r?\n[ \t]+/g, ' ')
  const words = plain.replace(/=\?utf-8\?B\?([^?]*)\?=/gi, (_, word: string) => Buffer.from(word, 'base64').toString())
  const quoted = plain.replaceAll('=40', '@').replaceAll('%40', '@').replaceAll('=', '@')
  const tokens = [...plain.matchAll(/[a-z0-9+/=]{8,}/gi)].map(([token]) =>
    Buffer.from(token, 'base64').toString('latin1'),
  )
  return [plain, words, quoted, ...tokens].join('\n').toLowerCase()
}

test('whatever is in a record, nobody else is in what is handed over', () => {
  const name = fc.stringMatching(/^[a-z]{3,8}(?:[.+-][a-z0-9]{2,5})?$/)
  const other = fc
    .tuple(name, fc.stringMatching(/^zz[a-z]{2,6}\.example$/))
    .map(([local, domain]) => `${local}@${domain}`)
  const text = fc.array(
    fc.oneof(
      fc.constantFrom('Re:', 'invoice', '=', '"', '<', '>', ',', '(', 'Ünal', tom, 'billing@acme.example'),
      fc.tuple(other, fc.constantFrom(...forms)).map(([address, form]) => form(address)),
    ),
    { maxLength: 6 },
  )
  const words = text.map((parts) => parts.join(' '))
  fc.assert(
    fc.property(
      words,
      words,
      words,
      fc.array(other, { minLength: 1, maxLength: 4 }),
      (subject, field, reply, others) => {
        const recipients = [tom, ...others]
        const headers = `From: ${field}\r\nTo: ${recipients.join(', ')}\r\nSubject: ${subject}\r\nX-Note: ${reply}\r\n ${subject}\r\nReferences: <${others[0]}>\r\n\r\n`
        const at = Date.UTC(2026, 10, 23)
        const detail: MessageDetail = {
          ...{ id: 1, account: 1, credential: 1, acceptedAt: at, keepUntil: at, size: 1, sampled: false, held: false },
          envelope: {
            from: `b+${others[0]!.replace('@', '=')}@acme.example`,
            smtputf8: true,
            body: '8bitmime',
            ret: undefined,
            envid: others[0],
          },
          subject,
          messageId: others[0]!,
          headers: Buffer.from(headers),
          client: { address: '192.0.2.7', helo: 'x', tls: undefined },
          status: 'delivered',
          deliveries: recipients.map((recipient, ordinal) => ({
            ...{
              ordinal,
              recipient,
              destination: 'x',
              state: 'delivered',
              nextAttemptAt: undefined,
              attempts: 1,
              inDoubt: false,
            },
            reason: `sent to ${recipient}: ${reply}`,
            options: { notify: undefined, orcpt: `rfc822;${recipient}` },
          })),
          attempts: [
            {
              ...{
                number: 1,
                ordinals: recipients.map((_, i) => i),
                startedAt: at,
                endedAt: at,
                destination: 'x',
                tls: undefined,
              },
              ...{ code: 250, enhancedCode: undefined, reply, inDoubt: false },
              transcript: recipients.map((one) => `C: RCPT TO:<${one}>\nS: 250 ${one} ok`).join('\n'),
            },
          ],
        }
        const packed = createPacker(mailboxKey(tom), [{ id: 1, name: 'acme', domains: ['acme.example'] }])(detail)
        const read = readings(`${packed.headers}\n${JSON.stringify(packed).replaceAll('\\n', '\n')}`)
        expect(read).not.toMatch(/@zz[a-z]{2,6}\.example/)
        expect(read).toContain(tom)
      },
    ),
    { numRuns: 300 },
  )
})
