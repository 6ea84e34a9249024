/** What strangers who write to a desk may cost: time and memory of their own, none of the accounts'. */

import { afterEach, expect, test } from 'vitest'
import type { MailToRelay, RoleMailboxes } from '../../src/mta/ports.ts'
import { message, type Setup, startIntake } from './support/intake.ts'

const letters: MailToRelay[] = []
let hasRoom = true

/** The desk abuse@relay.example, in memory. */
const mailboxes: RoleMailboxes = {
  find: ({ local, domain }) => (`${local}@${domain}` === 'abuse@relay.example' ? 'abuse' : undefined),
  mayWrite: (client) => client === '127.0.0.1',
  take: async (letter) => {
    letters.push(letter)
    return hasRoom
  },
}

afterEach(() => {
  letters.length = 0
  hasRoom = true
})

const nobody = { mailboxes, credentials: [] }

test('a letter is handed over as it came, with the client’s address, and who sent it before it', async () => {
  const running = await startIntake(nobody)
  const client = await running.greet()
  expect(await client.submit('Subject: x\r\n\r\n..dot\r\n', 'x@third.example', ['abuse@relay.example'])).toMatch(/^250/)
  const data = 'Return-Path: <x@third.example>\r\nSubject: x\r\n\r\n.dot\r\n'
  expect(letters).toEqual([{ desk: 'abuse', client: '127.0.0.1', data: new Uint8Array(Buffer.from(data)) }])
  expect(running.submissions).toEqual([])
})

test('desks that are full say so for now', async () => {
  hasRoom = false
  const client = await (await startIntake(nobody)).greet()
  expect(await client.submit('Subject: x\r\n\r\nx\r\n', '', ['abuse@relay.example'])).toMatch(/^452 4\.3\.1 /)
})

test('a letter that goes in circles is refused', async () => {
  const client = await (await startIntake(nobody)).greet()
  const round = `${'Received: from a by b\r\n'.repeat(51)}\r\nx\r\n`
  expect(await client.submit(round, '', ['abuse@relay.example'])).toMatch(/^554 5\.4\.6 /)
})

test('letters take none of the memory that accounts have for theirs', async () => {
  const running = await startIntake({ mailboxes, tunables: { mailboxOctets: 1000 } })
  const client = await running.greet()
  const letter = `Subject: x\r\n\r\n${`${'x'.repeat(500)}\r\n`.repeat(4)}`
  expect(await client.submit(letter, '', ['abuse@relay.example'])).toMatch(/^452 4\.3\.1 /)
  expect(await client.submit(message + letter)).toMatch(/^250/)
  // what was counted is given back
  expect(await client.submit('Subject: x\r\n\r\nx\r\n', '', ['abuse@relay.example'])).toMatch(/^250/)
})

/** Begins a message and sends it line by line without an end. */
async function dripping(setup: Setup, to: string) {
  const running = await startIntake({ ...setup, tunables: { strangerMs: 1500, sweepMs: 20 } })
  const client = await running.greet()
  await client.talk('MAIL FROM:<a@acme.example>', `RCPT TO:<${to}>`)
  await client.expect('354', 'DATA')
  client.write('From: a@acme.example\r\n')
  const timer = setInterval(() => client.write('X-Line: x\r\n'), 50)
  return { client, stop: () => clearInterval(timer) }
}

test('a stranger who sends a letter slowly is cut off in time, an account is not', async () => {
  const stranger = await dripping(nobody, 'abuse@relay.example')
  const account = await dripping({ mailboxes }, 'b@x.example')
  expect(await stranger.client.reply()).toMatch(/^421 4\.4\.2 .*without a credential/)
  stranger.stop()
  // as long again as the stranger had
  await new Promise((resolve) => setTimeout(resolve, 1600))
  account.stop()
  account.client.write('\r\n.\r\n')
  expect(await account.client.reply()).toMatch(/^250/)
})

test('without desks nobody but accounts gets as far as RCPT', async () => {
  const client = await (await startIntake({ credentials: [] })).greet()
  expect(await client.say('MAIL FROM:<x@third.example>')).toMatch(/^530 5\.7\.0 /)
})
