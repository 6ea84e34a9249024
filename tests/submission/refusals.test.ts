import { expect, test } from 'vitest'
import { asciiDomain } from '../../src/mta/domains/domain.ts'
import { message, type Setup, startIntake } from './support/intake.ts'

/** Commands before the one that is refused; the last reply must match. */
interface Case {
  name: string
  say: string[]
  reply: RegExp
  setup?: Setup
}

const M = 'MAIL FROM:<a@acme.example>'
const R = 'RCPT TO:<b@x.example>'
const E = 'EHLO client.example'
const password = { kind: 'password' as const, name: 'shop', secret: 'none' }

const cases: Case[] = [
  { name: 'MAIL before EHLO', say: [M], reply: /^503 5\.5\.1 Say EHLO first$/ },
  { name: 'EHLO without a name', say: ['EHLO'], reply: /^501 5\.5\.4 / },
  { name: 'EHLO with two names', say: ['EHLO a b'], reply: /^501 5\.5\.4 / },
  { name: 'an unknown command', say: [E, 'XYZZY'], reply: /^500 5\.5\.1 / },
  { name: 'BDAT', say: [E, M, R, 'BDAT 10 LAST'], reply: /^500 5\.5\.1 / },
  { name: 'XCLIENT', say: [E, 'XCLIENT ADDR=192.0.2.1'], reply: /^500 5\.5\.1 / },
  { name: 'XFORWARD', say: [E, 'XFORWARD ADDR=192.0.2.1'], reply: /^500 5\.5\.1 / },
  { name: 'the jokes of smtp-server', say: [E, 'WIZ x'], reply: /^500 5\.5\.1 / },
  { name: 'HTTP', say: ['GET / HTTP/1.1'], reply: /^421 4\.7\.0 / },
  { name: 'a control character', say: [E, 'MAIL FROM:<a\u0001@acme.example>'], reply: /^500 5\.5\.2 / },
  { name: 'a NUL', say: [E, 'NOOP \0'], reply: /^500 5\.5\.2 / },
  { name: 'a bare CR', say: [E, 'NOOP\rQUIT'], reply: /^500 5\.5\.2 / },
  { name: 'an endless command', say: [E, `NOOP ${'x'.repeat(13_000)}`], reply: /^500 5\.5\.2 / },
  { name: 'MAIL in MAIL', say: [E, M, M], reply: /^503 5\.5\.1 / },
  { name: 'RCPT before MAIL', say: [E, R], reply: /^503 5\.5\.1 / },
  { name: 'DATA before MAIL', say: [E, 'DATA'], reply: /^503 5\.5\.1 / },
  { name: 'DATA without a recipient', say: [E, M, 'DATA'], reply: /^554 5\.5\.1 / },
  { name: 'DATA with a parameter', say: [E, M, R, 'DATA now'], reply: /^501 5\.5\.4 / },
  { name: 'a sender without brackets', say: [E, 'MAIL FROM:a@acme.example'], reply: /^501 5\.1\.7 / },
  { name: 'a sender without a domain', say: [E, 'MAIL FROM:<a>'], reply: /^501 5\.1\.7 / },
  { name: 'a sender with a source route', say: [E, 'MAIL FROM:<@x.example:a@acme.example>'], reply: /^501 5\.1\.7 / },
  {
    name: 'a sender that is too long',
    say: [E, `MAIL FROM:<${'a'.repeat(250)}@acme.example>`],
    reply: /^501 5\.1\.7 /,
  },
  { name: 'an unknown parameter of MAIL', say: [E, `${M} FOO=1`], reply: /^555 5\.5\.4 Parameter FOO/ },
  { name: 'SMTPUTF8 with a value', say: [E, `${M} SMTPUTF8=1`], reply: /^501 5\.5\.4 / },
  { name: 'BODY=BINARYMIME', say: [E, `${M} BODY=BINARYMIME`], reply: /^501 5\.5\.4 / },
  { name: 'a SIZE that is no number', say: [E, `${M} SIZE=big`], reply: /^501 5\.5\.4 / },
  { name: 'a parameter twice', say: [E, `${M} SIZE=1 SIZE=2`], reply: /^501 5\.5\.4 / },
  { name: 'RET neither FULL nor HDRS', say: [E, `${M} RET=SOME`], reply: /^501 5\.5\.4 / },
  { name: 'ENVID that is no xtext', say: [E, `${M} ENVID=a+0x`], reply: /^501 5\.5\.4 / },
  {
    name: 'a message announced too large',
    say: [E, `${M} SIZE=2001`],
    reply: /^552 5\.3\.4 .*2000 octets/,
    setup: { limits: { messageBytes: 2000 } },
  },
  {
    name: 'a sender of another domain',
    say: [E, 'MAIL FROM:<a@other.example>'],
    reply: /^550 5\.7\.1 Sender domain other\.example .* acme: add other\.example .* or send from acme\.example$/,
  },
  { name: 'a sender of a subdomain', say: [E, 'MAIL FROM:<a@sub.acme.example>'], reply: /^550 5\.7\.1 / },
  { name: 'a sender of an IP address', say: [E, 'MAIL FROM:<a@[127.0.0.1]>'], reply: /^550 5\.7\.1 / },
  { name: 'UTF-8 in a sender, undeclared', say: [E, 'MAIL FROM:<ü@acme.example>'], reply: /^553 5\.6\.7 / },
  { name: 'UTF-8 in a recipient, undeclared', say: [E, M, 'RCPT TO:<ü@x.example>'], reply: /^553 5\.6\.7 / },
  { name: 'UTF-8 in a domain, undeclared', say: [E, M, 'RCPT TO:<b@bücher.example>'], reply: /^553 5\.6\.7 / },
  { name: 'UTF-8 in ORCPT, undeclared', say: [E, M, `${R} ORCPT=utf-8;ü@x.example`], reply: /^501 5\.5\.4 / },
  { name: 'no recipient', say: [E, M, 'RCPT TO:<>'], reply: /^501 5\.1\.3 / },
  { name: 'a recipient without brackets', say: [E, M, 'RCPT TO:b@x.example'], reply: /^501 5\.1\.3 / },
  { name: 'two recipients in one', say: [E, M, 'RCPT TO:<b@x.example,c@x.example>'], reply: /^501 5\.1\.3 / },
  { name: 'a domain that is a number', say: [E, M, 'RCPT TO:<b@127.1>'], reply: /^501 5\.1\.3 / },
  { name: 'an encoded domain', say: [E, M, 'RCPT TO:<b@%61.example>'], reply: /^501 5\.1\.3 / },
  { name: 'postmaster alone', say: [E, M, 'RCPT TO:<Postmaster>'], reply: /^550 5\.1\.1 / },
  { name: 'a source route', say: [E, M, 'RCPT TO:<@x.example:b@y.example>'], reply: /^553 5\.1\.3 / },
  { name: 'a percent route', say: [E, M, 'RCPT TO:<b%y.example@x.example>'], reply: /^553 5\.1\.3 / },
  { name: 'a bang route', say: [E, M, 'RCPT TO:<y.example!b@x.example>'], reply: /^553 5\.1\.3 / },
  {
    name: 'an address in quotes as local part',
    say: [E, M, 'RCPT TO:<"b@y.example"@x.example>'],
    reply: /^553 5\.1\.3 /,
  },
  { name: 'an IPv4 literal', say: [E, M, 'RCPT TO:<b@[192.0.2.1]>'], reply: /^550 5\.1\.2 / },
  { name: 'an IPv6 literal', say: [E, M, 'RCPT TO:<b@[IPv6:2001:db8::1]>'], reply: /^550 5\.1\.2 / },
  { name: 'an unknown parameter of RCPT', say: [E, M, `${R} FOO`], reply: /^555 5\.5\.4 Parameter FOO/ },
  { name: 'NOTIFY=NEVER with others', say: [E, M, `${R} NOTIFY=NEVER,DELAY`], reply: /^501 5\.5\.4 / },
  { name: 'NOTIFY without a value', say: [E, M, `${R} NOTIFY`], reply: /^501 5\.5\.4 / },
  { name: 'ORCPT without a type', say: [E, M, `${R} ORCPT=b@x.example`], reply: /^501 5\.5\.4 / },
  {
    name: 'a recipient whose route rejects',
    say: [E, M, 'RCPT TO:<b@X.example>'],
    reply: /^550 5\.7\.1 .*x\.example.*we do not write to them/,
    setup: { routes: [{ domain: 'x.example', route: { kind: 'reject', reason: 'we do not write to them' } }] },
  },
  {
    name: 'one recipient too many',
    say: [E, M, R, 'RCPT TO:<c@x.example>', R, 'RCPT TO:<d@x.example>'],
    reply: /^452 4\.5\.3 More than 2 recipients/,
    setup: { limits: { recipients: 2 } },
  },
  {
    name: 'a client without a credential',
    say: [E, M],
    reply: /^530 5\.7\.0 Authentication required/,
    setup: { credentials: [{ name: '192.0.2.0/24' }] },
  },
  {
    name: 'a client whose longest range is blocked',
    say: [E, M],
    reply: /^550 5\.7\.1 Credential 127\.0\.0\.1\/32 is blocked/,
    setup: { credentials: [{}, { name: '127.0.0.1/32', status: 'blocked' }] },
  },
  {
    name: 'a suspended account',
    say: [E, M],
    reply: /^550 5\.7\.1 Account acme is suspended/,
    setup: { accounts: [{ status: 'suspended' }] },
  },
  {
    name: 'a closed account',
    say: [E, M],
    reply: /^550 5\.7\.1 Account acme is closed/,
    setup: { accounts: [{ status: 'closed' }] },
  },
  {
    name: 'a credential without an hour left',
    say: [E, M],
    reply: /^450 4\.7\.1 Credential 127\.0\.0\.0\/8 .*0 messages of the hour: try again at \d\d:\d\d UTC$/,
    setup: { credentials: [{ hourlyLimit: 0 }] },
  },
  { name: 'AUTH before EHLO', say: ['AUTH PLAIN'], reply: /^503 5\.5\.1 /, setup: { credentials: [password] } },
  { name: 'AUTH in a message', say: [E, M, 'AUTH PLAIN'], reply: /^503 5\.5\.1 / },
  { name: 'an AUTH mechanism we do not have', say: [E, 'AUTH CRAM-MD5'], reply: /^504 5\.5\.4 / },
  { name: 'AUTH PLAIN given up', say: [E, 'AUTH PLAIN', '*'], reply: /^501 5\.5\.4 / },
  { name: 'AUTH LOGIN given up at the password', say: [E, 'AUTH LOGIN', 'c2hvcA==', '*'], reply: /^501 5\.5\.4 / },
  { name: 'AUTH PLAIN that is no base64', say: [E, 'AUTH PLAIN !!!'], reply: /^501 5\.5\.4 / },
  { name: 'STARTTLS with a parameter', say: [E, 'STARTTLS now'], reply: /^501 5\.5\.4 / },
]

test.each(cases)('$name is refused', async ({ say, reply, setup }) => {
  const { open } = await startIntake(setup)
  const client = await open()
  expect(await client.talk(...say)).toMatch(reply)
})

test.each([
  ['no From', 'Subject: x\r\n\r\nHi.\r\n', /^550 5\.6\.0 .*no From header/],
  ['a body alone', 'just text\r\n', /^550 5\.6\.0 .*no From header/],
  ['an empty message', '', /^550 5\.6\.0 .*no From header/],
  ['From in the body', '\r\nFrom: a@acme.example\r\n', /^550 5\.6\.0 .*no From header/],
  ['a From without an address', 'From: Ann\r\n\r\n', /^550 5\.6\.0 .*can be read/],
  ['a From with an empty group', 'From: nobody:;\r\n\r\n', /^550 5\.6\.0 .*can be read/],
  ['a From that is encoded as a whole', 'From: =?utf-8?q?a=40acme=2Eexample?=\r\n\r\n', /^550 5\.6\.0 .*can be read/],
  [
    'another domain',
    'From: c@other.example\r\n\r\n',
    /^550 5\.7\.1 From header domain other\.example .*add other\.example/,
  ],
  ['another domain in capitals, folded', 'FROM\t:\r\n c@\r\n OTHER.example\r\n\r\n', /^550 5\.7\.1 .*other\.example/],
  ['a second address', 'From: a@acme.example, c@other.example\r\n\r\n', /^550 5\.7\.1 .*other\.example/],
  ['a second From', 'From: a@acme.example\r\nfrom: c@other.example\r\n\r\n', /^550 5\.7\.1 .*other\.example/],
  ['an address in a group', 'From: us: a@acme.example, c@other.example;\r\n\r\n', /^550 5\.7\.1 .*other\.example/],
  ['an address in brackets', 'From: "a@acme.example" <c@other.example>\r\n\r\n', /^550 5\.7\.1 .*other\.example/],
  ['an address before brackets', 'From: c@other.example <a@acme.example>\r\n\r\n', /^550 5\.7\.1 .*other\.example/],
  ['a quoted local part', 'From: "a@acme.example>"@other.example\r\n\r\n', /^550 5\.7\.1 .*other\.example/],
  ['comments around', 'From: (x) c(y)@(z)other(w).example\r\n\r\n', /^550 5\.7\.1 .*other\.example/],
  ['an IP address', 'From: a@[127.0.0.1]\r\n\r\n', /^550 5\.7\.1 /],
  ['a U-label', 'From: a@bücher.example\r\n\r\n', /^550 5\.7\.1 .*xn--bcher-kva\.example/],
  [
    'encoded words that decode to an address',
    'From: =?utf-8?q?=3Cc=40other=2Eexample=3E=2C?= <a@acme.example>\r\n\r\n',
    /^550 5\.7\.1 .*other\.example/,
  ],
  ['a subdomain', 'From: a@sub.acme.example\r\n\r\n', /^550 5\.7\.1 .*sub\.acme\.example/],
  ['a line of 999 octets', `X: ${'x'.repeat(996)}\r\nFrom: a@acme.example\r\n\r\n`, /^554 5\.6\.0 .*998/],
  ['too many fields', `${'X: y\r\n'.repeat(1001)}\r\n`, /^554 5\.6\.0 .*1000 fields/],
  ['a header that is too long', `${`X: ${'x'.repeat(900)}\r\n`.repeat(300)}\r\n`, /^554 5\.6\.0 .*262144 octets/],
  ['a header that begins with a blank', ` From: a@acme.example\r\n${message}`, /^554 5\.6\.0 /],
  ['a loop', `${'Received: from x\r\n'.repeat(51)}${message}`, /^554 5\.4\.6 .*50 hosts/],
  ['a bare LF', message.replace('Hi.', 'H\ni.'), /^554 5\.5\.2 .*bare LF/],
  ['a bare CR', message.replace('Hi.', 'H\ri.'), /^554 5\.5\.2 .*bare CR/],
  ['a NUL', message.replace('Hi.', 'H\0i.'), /^554 5\.5\.2 .*NUL/],
  ['an endless line', message.replace('Hi.', 'x'.repeat(1_048_577)), /^554 5\.6\.0 .*1048576 octets/],
])('a message with %s is refused, and the session goes on', async (_name, content, reply) => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  expect(await client.submit(content)).toMatch(reply)
  expect(submissions).toEqual([])
  expect(await client.submit(message)).toMatch(/^250 2\.0\.0 queued as 0000000000\d$/)
})

test('a message that grows too large is refused at its end', async () => {
  const { greet } = await startIntake({ limits: { messageBytes: 200 } })
  const client = await greet()
  expect(await client.submit(message.replace('Hi.', 'x'.repeat(300)))).toMatch(/^552 5\.3\.4 .*200 octets/)
  expect(await client.submit(message)).toMatch(/^250 /)
})

test('when acceptance fails the client is told to come again, and the session goes on', async () => {
  let calls = 0
  const { greet, logged } = await startIntake({
    accept: async () => {
      calls++
      if (calls === 1) throw new Error('the disk is on fire')
      if (calls === 2) return { kind: 'refused', reply: { code: 452, enhancedCode: '4.3.1', text: 'full' } }
      return { kind: 'accepted', id: 7 }
    },
  })
  const client = await greet()
  expect(await client.submit(message)).toMatch(/^451 4\.3\.0 /)
  expect(await client.submit(message)).toBe('452 4.3.1 full')
  expect(await client.submit(message)).toBe('250 2.0.0 queued as 00000000007')
  expect(logged.filter((entry) => entry.fields.fault === 'the disk is on fire')).toHaveLength(1)
})

test('an account may write from each of its domains, in any form of the name', async () => {
  const domains = ['acme.example', 'xn--bcher-kva.example']
  const { greet, submissions } = await startIntake({ accounts: [{ domains }] })
  const client = await greet()
  const froms = ['From: us: a@ACME.example (Ann), "b c"@Bücher.EXAMPLE ;\r\n', 'from :a@xn--BCHER-kva.example\r\n']
  for (const from of froms) expect(await client.submit(`${from}\r\nHi.\r\n`)).toMatch(/^250 /)
  expect(await client.submit(message, 'ü@bücher.example', ['b@x.example'], ' SMTPUTF8')).toMatch(/^250 /)
  expect(submissions.map((one) => one.envelope.from)).toEqual(['a@acme.example', 'a@acme.example', 'ü@bücher.example'])
})

test("a notification with an empty sender is taken, but its From must still be the account's", async () => {
  const { greet } = await startIntake()
  const client = await greet()
  expect(await client.submit(message, '')).toMatch(/^250 /)
  expect(await client.submit(message.replace('a@acme.example>', 'a@other.example>'), '')).toMatch(/^550 5\.7\.1 /)
})

test('an account that loses its domain, its credential or its standing in mid-session sends no more', async () => {
  const { greet, directory } = await startIntake()
  const client = await greet()
  expect(await client.submit(message)).toMatch(/^250 /)
  await client.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<b@x.example>', 'DATA')
  directory.change({ accounts: [{ status: 'suspended' }] })
  client.write(`${message}.\r\n`)
  expect(await client.reply()).toMatch(/^550 5\.7\.1 Account acme is suspended/)
  directory.change({ credentials: [] })
  expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^530 5\.7\.0 /)
  directory.change({ accounts: [{ domains: [] }] })
  expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(
    /^550 5\.7\.1 .*add acme\.example to the account's domains$/,
  )
})

test('domains are compared as A-labels, and what only looks like one is none', () => {
  const given = [
    'ACME.Example',
    'Bücher.example',
    'xn--BCHER-kva.example',
    '127.1',
    '0x7f.1',
    '１２７.１',
    'a..b',
    '%61.example',
    '',
  ]
  expect(given.map(asciiDomain)).toEqual([
    'acme.example',
    'xn--bcher-kva.example',
    'xn--bcher-kva.example',
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
