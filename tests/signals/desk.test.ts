/** The relay's own desks on real sockets: anybody may complain, and nobody gets anything else through. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatId } from '../../src/model/id.ts'
import { createMailboxes, type RoleMailbox } from '../../src/mta/mailboxes/mailboxes.ts'
import { Client } from '../submission/support/client.ts'
import { EngineFixture } from '../support/engineFixture.ts'
import { StoreFixture } from '../support/storeFixture.ts'
import { outlookReport, redactedReport, yahooReport } from './support.ts'

const everything = {
  account: undefined,
  unmatched: false,
  kind: undefined,
  since: undefined,
  unassigned: false,
  before: undefined,
  limit: 100,
}
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

let fixture: EngineFixture
const clients: Client[] = []

beforeEach(async () => {
  fixture = await EngineFixture.start()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await fixture.stop()
})

/** A client this relay does not know. */
async function stranger(): Promise<Client> {
  for (const { id } of fixture.store.directory.credentials()) await fixture.store.directory.removeCredential(id)
  return greet()
}

async function greet(): Promise<Client> {
  const client = await Client.open(fixture.port)
  clients.push(client)
  await client.expect('250', 'EHLO reporter.example')
  return client
}

async function signals() {
  await fixture.engine.signals.settled()
  return (await fixture.store.signals.list(everything)).signals
}

/** A message that was delivered, and what its recipient has of it. */
async function delivered() {
  const id = await fixture.submit({ to: ['tom@kestrel.example'] })
  const { headers, envelope } = await fixture.status(id, 'delivered')
  return { id, headers: Buffer.from(headers).toString('latin1'), from: envelope.from, to: 'tom@kestrel.example' }
}

test('a stranger may write to the desk, and to nobody else', async () => {
  const client = await stranger()
  await client.expect('250', 'MAIL FROM:<anybody@third.example>')
  for (const other of ['tom@kestrel.example', 'abuse@kestrel.example', 'postmaster@relay.test', 'abuse@sub.relay.test'])
    expect(await client.say(`RCPT TO:<${other}>`)).toMatch(/^530 5\.7\.0 /)
  expect(await client.say('DATA')).toMatch(/^554 /)
  await client.expect('250', 'RCPT TO:<Abuse@Relay.TEST>')
  expect(await client.say('RCPT TO:<tom@kestrel.example>')).toMatch(/^530 5\.7\.0 /)
  await client.expect('354', 'DATA')
  client.write('Subject: you send spam\r\n\r\nStop it.\r\n.\r\n')
  expect(await client.reply()).toBe('250 2.0.0 taken, and will be looked at')
  expect(await signals()).toMatchObject([{ account: undefined, kind: 'complaint', source: 'letter', messages: [] }])
  expect(await fixture.store.log.search({}, 10, undefined, 1000)).toMatchObject({ rows: [] })
  expect(await fixture.store.queue.counts()).toMatchObject({ queued: 0, sending: 0, deferred: 0 })
})

test('routes and forms that other hosts obey do not get through the desk', async () => {
  const client = await stranger()
  await client.expect('250', 'MAIL FROM:<>')
  for (const path of ['tom%kestrel.example@relay.test', '"abuse@kestrel.example"@relay.test', 'abuse@[127.0.0.1]'])
    expect(await client.say(`RCPT TO:<${path}>`)).toMatch(/^5/)
})

test('a client with a credential cannot mix the desk with other recipients', async () => {
  const client = await greet()
  await client.expect('250', 'MAIL FROM:<billing@acme.example>')
  await client.expect('250', 'RCPT TO:<tom@kestrel.example>')
  expect(await client.say('RCPT TO:<abuse@relay.test>')).toMatch(/^452 4\.5\.3 .*message of its own/)
  await client.talk('RSET', 'MAIL FROM:<billing@acme.example>')
  await client.expect('250', 'RCPT TO:<abuse@relay.test>')
  expect(await client.say('RCPT TO:<tom@kestrel.example>')).toMatch(/^452 4\.5\.3 /)
})

test('a client known by its address may write to the desk with any sender, and not to others', async () => {
  const client = await greet()
  await client.expect('250', 'MAIL FROM:<feedback@mailbox.example>')
  expect(await client.say('RCPT TO:<tom@kestrel.example>')).toMatch(/^550 5\.7\.1 .*mailbox\.example/)
  await client.expect('250', 'RCPT TO:<abuse@relay.test>')
})

test('mail to the desk of more than 5 MiB is refused', async () => {
  const client = await stranger()
  const large = `Subject: large\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(5300)}`
  expect(await client.submit(large, 'anybody@third.example', ['abuse@relay.test'])).toMatch(/^552 5\.3\.4 .*5242880/)
  expect(await signals()).toEqual([])
})

test.each([
  ['with the message (RFC 5965)', yahooReport],
  ['with the message attached only', outlookReport],
  ['redacted, header alone', redactedReport],
] as const)('a report %s is matched to message and account', async (_, make) => {
  const original = await delivered()
  const client = await stranger()
  expect(await client.submit(make(original), 'fbl@mailbox.example', ['abuse@relay.test'])).toMatch(/^250/)
  expect(await signals()).toMatchObject([
    { account: 1, kind: 'complaint', weight: 10, messages: [original.id], source: 'feedback', case: undefined },
  ])
  expect(await fixture.store.trust.complaints(1)).toMatchObject([{ message: original.id, source: 'feedback' }])
})

test('a forged report that names a message without having seen it counts for nothing', async () => {
  const { id, from, to } = await delivered()
  const headers = `Received: from x ([192.0.2.1])\r\n\tby relay.test (Mailward) with ESMTPS id ${formatId(id)};\r\n\tnow\r\n`
  const client = await stranger()
  await client.submit(yahooReport({ headers, from, to }), 'forger@third.example', ['abuse@relay.test'])
  expect(await signals()).toMatchObject([{ account: 1, weight: 5, messages: [id] }])
  expect(await fixture.store.trust.complaints(1)).toEqual([])
})

test('of one reporter only so many complaints a day count', async () => {
  const originals = []
  for (let i = 0; i < 5; i++) originals.push(await delivered())
  const client = await stranger()
  // a session of a stranger ends after so many commands
  for (const original of originals)
    await client.submit(yahooReport(original), 'fbl@mailbox.example', ['abuse@relay.test'])
  const found = await signals()
  expect(found.map(({ weight, times }) => ({ weight, times }))).toEqual([
    { weight: 0, times: 2 },
    { weight: 10, times: 1 },
    { weight: 10, times: 1 },
    { weight: 10, times: 1 },
  ])
  expect(found[0]!.messages).toEqual(originals.slice(3).map(({ id }) => id))
  expect(await fixture.store.trust.complaints(1)).toHaveLength(3)
})

test('a message is not complained about by more than it went to, from however many networks', async () => {
  const original = await delivered()
  const content = Buffer.from(yahooReport(original))
  for (let i = 1; i <= 4; i++)
    await fixture.store.desk.take({ desk: 'abuse', client: `198.51.${i}.1`, receivedAt: Date.now(), content })
  await fixture.restart()
  expect((await signals()).map(({ weight }) => weight)).toEqual([0, 0, 0, 10])
  expect(await fixture.store.trust.complaints(1)).toHaveLength(1)
})

test('what is not proved is one signal a day for an account, from however many networks', async () => {
  const { id, from, to } = await delivered()
  const headers = `Received: from x\r\n\tby relay.test (Mailward) with ESMTPS id ${formatId(id)};\r\n\tnow\r\n`
  const content = Buffer.from(yahooReport({ headers, from, to }))
  for (let i = 1; i <= 4; i++)
    await fixture.store.desk.take({ desk: 'abuse', client: `198.51.${i}.1`, receivedAt: Date.now(), content })
  await fixture.restart()
  expect(await signals()).toMatchObject([{ account: 1, weight: 5, times: 4 }])
})

test('a Message-ID that two accounts have used matches neither', async () => {
  const { directory } = fixture.store
  const other = await directory.addAccount({ name: 'other', contact: 'x@other.example', domains: ['other.example'] })
  await directory.addCredential({
    account: other!.id,
    kind: 'address',
    name: '127.0.0.2/32',
    secret: undefined,
    status: 'allowed',
    hourlyLimit: undefined,
  })
  const send = async (from: string, address: string) => {
    const client = await Client.open(fixture.port, '127.0.0.1', address)
    clients.push(client)
    await client.expect('250', 'EHLO client.example')
    const mail = `From: ${from}\r\nMessage-ID: <the-same-one@acme.example>\r\n\r\nHi.\r\n`
    expect(await client.submit(mail, from, ['tom@kestrel.example'])).toMatch(/^250/)
  }
  await send('a@acme.example', '127.0.0.1')
  await send('b@other.example', '127.0.0.2')
  const headers = 'Message-ID: <the-same-one@acme.example>\r\n'
  const client = await stranger()
  await client.submit(outlookReport({ headers, from: '', to: '' }), 'x@third.example', ['abuse@relay.test'])
  expect(await signals()).toMatchObject([{ account: undefined, messages: [] }])
})

test('further domains of the desk are taken from the settings', async () => {
  await fixture.store.settings.set('desk.domains', ['mail.acme.example'])
  await fixture.engine.signals.reload()
  const client = await stranger()
  await client.expect('250', 'MAIL FROM:<>')
  await client.expect('250', 'RCPT TO:<abuse@mail.acme.example>')
  expect(await client.say('RCPT TO:<info@mail.acme.example>')).toMatch(/^530 /)
})

test('what a crash left unread is read at the next start, once', async () => {
  const original = await delivered()
  const content = Buffer.from(yahooReport(original))
  // as it lies when the relay dies right after 250
  await fixture.store.desk.take({ desk: 'abuse', client: '192.0.2.9', receivedAt: Date.now(), content })
  expect(await fixture.store.desk.waiting()).toBe(1)
  await fixture.restart()
  expect(await signals()).toMatchObject([{ account: 1, messages: [original.id], times: 1 }])
  expect(await fixture.store.desk.waiting()).toBe(0)
  await fixture.restart()
  expect(await signals()).toMatchObject([{ times: 1 }])
})

test('a mail that was being read at the crash comes again, is ended once, and its bytes are gone', async () => {
  const store = await StoreFixture.open()
  try {
    const content = Buffer.from('Subject: x\r\n\r\nCANARY-OF-A-COMPLAINT\r\n')
    await store.store.desk.take({ desk: 'abuse', client: '192.0.2.9', receivedAt: store.time, content })
    const begun = await store.store.desk.next('abuse', 5)
    await store.reopen()
    const again = await store.store.desk.next('abuse', 5)
    expect(again).toMatchObject({ id: begun!.id, tries: 2, client: '192.0.2.9' })
    expect(Buffer.from(again!.content)).toEqual(content)
    expect(await store.store.desk.finish(again!.id, [], [])).toEqual([])
    expect(await store.store.desk.finish(again!.id, [], [])).toBeUndefined()
    expect(await store.store.desk.next('abuse', 5)).toBeUndefined()
  } finally {
    await store.close()
  }
})

test('a mail nobody can read is given up for a person to know, and does not hold up the others', async () => {
  const store = await StoreFixture.open()
  const seen: string[] = []
  const desk: RoleMailbox = {
    name: 'abuse',
    local: 'abuse',
    async read(mail) {
      const text = Buffer.from(mail.content).toString()
      seen.push(`${text} ${mail.tries}`)
      if (text === 'bad') throw new Error('cannot be read')
      await store.store.desk.finish(mail.id, [], [])
    },
    async giveUp(mail) {
      seen.push(`gave up at ${mail.tries}`)
      await store.store.desk.finish(mail.id, [], [])
    },
  }
  const clock = { now: () => store.time }
  const mailboxes = createMailboxes({
    store: store.store,
    hostname: 'relay.test',
    mailboxes: [desk],
    clock,
    log: quiet,
  })
  try {
    await mailboxes.start()
    const take = async (text: string) => {
      expect(await mailboxes.take({ desk: 'abuse', client: '192.0.2.9', data: Buffer.from(text) })).toBe(true)
      await mailboxes.settled()
    }
    await take('bad')
    for (let i = 0; i < 5; i++) await take(`good${i}`)
    expect(seen.filter((line) => line.startsWith('good'))).toHaveLength(5)
    expect(seen.at(-1)).toBe('gave up at 6')
    expect(await store.store.desk.waiting()).toBe(0)
  } finally {
    await mailboxes.stop()
    await store.close()
  }
})

test('a network that writes a lot within an hour has to wait, another has not', async () => {
  const store = await StoreFixture.open()
  const desk: RoleMailbox = {
    name: 'abuse',
    local: 'abuse',
    read: async ({ id }) => void (await store.store.desk.finish(id, [], [])),
    giveUp: async () => undefined,
  }
  const clock = { now: () => store.time }
  const mailboxes = createMailboxes({
    store: store.store,
    hostname: 'relay.test',
    mailboxes: [desk],
    clock,
    log: quiet,
  })
  try {
    await mailboxes.start()
    const data = Buffer.from('Subject: x\r\n\r\n')
    await Promise.all(
      Array.from({ length: 300 }, (_, i) => mailboxes.take({ desk: 'abuse', client: `192.0.2.${i % 250}`, data })),
    )
    expect(mailboxes.mayWrite('192.0.2.251')).toBe(false)
    expect(mailboxes.mayWrite('198.51.100.1')).toBe(true)
    expect(mailboxes.mayWrite('2001:db8::1')).toBe(true)
    store.time += 3_600_001
    expect(mailboxes.mayWrite('192.0.2.251')).toBe(true)
  } finally {
    await mailboxes.stop()
    await store.close()
  }
})
