import { expect, test } from 'vitest'
import { defaultLimits } from '../../src/mta/limits.ts'
import { Client } from './support/client.ts'
import { kept, message, startIntake } from './support/intake.ts'

test('EHLO names what this relay can do, and AUTH is offered in plaintext to this machine only', async () => {
  const { open } = await startIntake()
  const client = await open()
  expect((await client.say('EHLO client.example')).split('\n')).toEqual([
    '250-relay.example',
    '250-PIPELINING',
    `250-SIZE ${defaultLimits.messageBytes}`,
    '250-STARTTLS',
    '250-AUTH PLAIN LOGIN',
    '250-8BITMIME',
    '250-SMTPUTF8',
    '250-DSN',
    '250 ENHANCEDSTATUSCODES',
  ])
})

test('a message is handed over with everything acceptance needs to know', async () => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  await client.expect('250', 'MAIL FROM:<a@acme.example> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=QQ+2B AUTH=<>')
  await client.expect('250', 'RCPT TO:<Bob@x.example> NOTIFY=success,FAILURE ORCPT=rfc822;Bob+40x.example')
  await client.expect('250', 'rcpt to: <"quoted name"@[IPv6:2001:db8::1]>'.replace('[IPv6:2001:db8::1]', 'X.example'))
  await client.expect('354', 'data')
  const content = `From: =?utf-8?q?=C3=84nn?= <a@acme.example>\r\nSubject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n =?utf-8?q?_an?= alle\r\nMessage-Id:\r\n <1@acme.example>\r\n\r\n..dot\r\n`
  client.write(`${content.replace('..dot', '...dot')}.\r\n`)
  expect(await client.reply()).toBe('250 2.0.0 queued as 00000000001')
  const { data, account, credential, received, ...rest } = submissions[0]!
  expect(Buffer.from(data).toString()).toBe(content)
  expect([account.name, credential?.name]).toEqual(['acme', '127.0.0.0/8'])
  expect(rest).toEqual({
    client: { address: '127.0.0.1', helo: 'client.example', tls: undefined },
    envelope: { from: 'a@acme.example', smtputf8: false, body: '8bitmime', ret: 'hdrs', envid: 'QQ+2B' },
    recipients: [
      { address: 'Bob@x.example', options: { notify: ['success', 'failure'], orcpt: 'rfc822;Bob+40x.example' } },
      { address: '"quoted name"@X.example', options: { notify: undefined, orcpt: undefined } },
    ],
    headerLength: content.indexOf('..dot'),
    subject: 'grüße an alle',
    messageId: '1@acme.example',
  })
  expect(received('0ABC', Date.UTC(2026, 10, 23, 20, 44, 1))).toBe(
    'Received: from client.example ([127.0.0.1])\r\n' +
      '\tby relay.example (Mailward) with ESMTP id 0ABC;\r\n' +
      '\tMon, 23 Nov 2026 20:44:01 +0000\r\n',
  )
})

test('Bob and bob are two recipients; the same address twice is one', async () => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  await client.submit(message, 'a@acme.example', ['Bob@x.example', 'bob@x.example', 'Bob@X.EXAMPLE', 'Bob@x.example'])
  expect(submissions[0]!.recipients.map((one) => one.address)).toEqual(['Bob@x.example', 'bob@x.example'])
})

test('a batch of pipelined commands is answered in order and in one write', async () => {
  const { port, submissions } = await startIntake()
  const client = kept(await Client.open(port))
  const chunks: string[] = []
  client.socket.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
  client.write('EHLO c\r\nMAIL FROM:<a@acme.example>\r\nRCPT TO:<b@x.example>\r\nRCPT TO:<bad>\r\nDATA\r\n')
  const replies = []
  for (let i = 0; i < 5; i++) replies.push((await client.reply()).slice(0, 3))
  expect(replies).toEqual(['250', '250', '250', '501', '354'])
  expect(chunks).toHaveLength(1)
  client.write(`${message}.\r\nMAIL FROM:<a@acme.example>\r\nRSET\r\nQUIT\r\n`)
  const last = [await client.reply(), await client.reply(), await client.reply(), await client.reply()]
  expect(last.map((reply) => reply.slice(0, 3))).toEqual(['250', '250', '250', '221'])
  await client.closed()
  expect(submissions).toHaveLength(1)
})

test('hundreds of pipelined commands are all answered', async () => {
  const { greet } = await startIntake()
  const client = await greet()
  await client.expect('250', 'MAIL FROM:<a@acme.example>')
  const commands = Array.from({ length: 950 }, (_, i) => `RCPT TO:<user${i}@x.example>\r\n`)
  client.write(`${commands.join('')}RSET\r\n`)
  for (let i = 0; i < 951; i++) expect(await client.reply()).toMatch(/^250 /)
})

test('commands and data may come octet by octet', async () => {
  const { open, submissions } = await startIntake()
  const client = await open()
  client.socket.setNoDelay(true)
  const all = 'EHLO c\r\nMAIL FROM:<a@acme.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n'
  for (const octet of `${all}${message}.\r\nQUIT\r\n`) {
    client.write(octet)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const codes = []
  for (let i = 0; i < 6; i++) codes.push((await client.reply()).slice(0, 3))
  expect(codes).toEqual(['250', '250', '250', '354', '250', '221'])
  expect(Buffer.from(submissions[0]!.data).toString()).toBe(message)
})

test('a message sent with DATA before 354 is still a message, but after a refused DATA the session ends', async () => {
  const { greet, submissions } = await startIntake()
  const hasty = await greet()
  await hasty.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<b@x.example>')
  hasty.write(`DATA\r\n${message}.\r\n`)
  expect([await hasty.reply(), await hasty.reply()]).toEqual([
    expect.stringMatching(/^354 /),
    expect.stringMatching(/^250 /),
  ])
  const refused = await greet()
  await refused.expect('250', 'MAIL FROM:<a@acme.example>')
  refused.write(`DATA\r\nMAIL FROM:<a@acme.example>\r\nRCPT TO:<c@x.example>\r\nDATA\r\n${message}.\r\n`)
  expect(await refused.reply()).toMatch(/^554 5\.5\.1 /)
  await refused.closed()
  expect(submissions).toHaveLength(1)
})

test('RSET, EHLO and a new message forget the one before', async () => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  await client.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<old@x.example>', 'RSET')
  expect(await client.say('RCPT TO:<b@x.example>')).toMatch(/^503 /)
  await client.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<old@x.example>', 'EHLO again.example')
  expect(await client.say('DATA')).toMatch(/^503 /)
  await client.submit(message)
  expect(await client.say('DATA')).toMatch(/^503 /)
  expect(submissions[0]!.recipients.map((one) => one.address)).toEqual(['b@x.example'])
  expect(submissions[0]!.client.helo).toBe('again.example')
})

test('the small commands', async () => {
  const { greet } = await startIntake()
  const client = await greet()
  const replies = []
  for (const command of ['NOOP', 'noop x', 'HELP', 'VRFY b@x.example', 'RSET', 'QUIT'])
    replies.push((await client.say(command)).slice(0, 9))
  expect(replies).toEqual(['250 2.0.0', '250 2.0.0', '214 2.0.0', '252 2.1.5', '250 2.0.0', '221 2.0.0'])
})

test.each([
  ['EHLO client.example', 'from client.example ([127.0.0.1])', 'ESMTP'],
  ['HELO client.example', 'from client.example ([127.0.0.1])', 'SMTP'],
  ['EHLO [127.0.0.1]', 'from [127.0.0.1] ([127.0.0.1])', 'ESMTP'],
  ['EHLO (evil)', 'from [127.0.0.1] ([127.0.0.1])', 'ESMTP'],
  ['EHLO my_pc', 'from my_pc ([127.0.0.1])', 'ESMTP'],
])('after %s the trace field is well formed', async (hello, from, protocol) => {
  const { open, submissions } = await startIntake()
  const client = await open()
  await client.expect('250', hello)
  await client.submit(message)
  const [first, second] = submissions[0]!.received('ID', 0).split('\r\n')
  expect([first, second]).toEqual([`Received: ${from}`, `\tby relay.example (Mailward) with ${protocol} id ID;`])
})

test('a declared SMTPUTF8 message keeps its addresses as given', async () => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  await client.expect('250', 'MAIL FROM:<jürgen@acme.example> SMTPUTF8')
  await client.expect('250', 'RCPT TO:<用户@例え.example> ORCPT=utf-8;用户@例え.example')
  await client.expect('354', 'DATA')
  client.write(`${message}.\r\n`)
  expect(await client.reply()).toMatch(/^250 /)
  const { envelope, recipients, received } = submissions[0]!
  expect([envelope.from, envelope.smtputf8, recipients[0]!.address]).toEqual([
    'jürgen@acme.example',
    true,
    '用户@例え.example',
  ])
  expect(received('ID', 0)).toContain('with UTF8SMTP id ID')
})

test('octets above 127 in a message declared 7BIT make it 8BITMIME', async () => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  await client.submit(message)
  await client.submit(message.replace('Hi.', 'Grüße.'), 'a@acme.example', ['b@x.example'], ' BODY=7BIT')
  expect(submissions.map((one) => one.envelope.body)).toEqual(['7bit', '8bitmime'])
})

test('an address in brackets goes through when a route names it', async () => {
  const { greet, submissions } = await startIntake({
    routes: [{ domain: '[192.0.2.1]', route: { kind: 'capture' } }],
  })
  const client = await greet()
  expect(await client.submit(message, 'a@acme.example', ['b@[192.0.2.1]'])).toMatch(/^250 /)
  expect(submissions[0]!.recipients[0]!.address).toBe('b@[192.0.2.1]')
})

test('text logs hold ids and counts only', async () => {
  const { greet, logged } = await startIntake()
  const client = await greet()
  await client.submit(message)
  await client.submit('From: secret@other.example\r\n\r\n')
  await client.say(`AUTH PLAIN ${Buffer.from('\0secretuser\0secretword').toString('base64')}`)
  client.close()
  expect(logged.length).toBeGreaterThan(0)
  expect(JSON.stringify(logged)).not.toMatch(/secret|acme|hello|127\.0/)
})

test('DATA with blanks behind it is DATA', async () => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  await client.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<b@x.example>')
  expect(await client.say('DATA ')).toMatch(/^354 /)
  client.write(`${message}.\r\n`)
  expect(await client.reply()).toMatch(/^250 /)
  expect(submissions).toHaveLength(1)
})

test.each([
  ['Latin-1', Buffer.from('EHLO B\xdcRO-PC\r\n', 'latin1')],
  ['UTF-8', Buffer.from('EHLO BÜRO-PC\r\n', 'utf8')],
])('a computer name in %s is taken for a greeting', async (_name, greeting) => {
  const { open, submissions } = await startIntake()
  const client = await open()
  client.write(greeting)
  expect(await client.reply()).toMatch(/^250-/)
  expect(await client.submit(message)).toMatch(/^250 /)
  expect(submissions[0]!.client.helo).toBe('B?RO-PC')
})

test('an encoded name with a sign as in "Miller @ Kestrel" is a name, and an encoded address stays one', async () => {
  const { greet } = await startIntake()
  const client = await greet()
  const from = (words: string) => message.replace('From: Ann', `From: ${words}`)
  expect(await client.submit(from('=?utf-8?Q?M=C3=BCller_=40_Kestrel?='))).toMatch(/^250 /)
  expect(await client.submit(from('=?utf-8?Q?tom=40kestrel.example?='))).toMatch(/^550 /)
})
