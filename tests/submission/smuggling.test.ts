/** SMTP smuggling: no sequence but CRLF.CRLF ends a message, whatever pieces the network makes of it. */

import { expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { message, startIntake } from './support/intake.ts'

const ends = ['\n.\n', '\n.\r\n', '\r.\r', '\r\n.\n', '\r\n.\r', '\n.\r', '\r.\n', '\r.\r\n']
const smuggled = 'MAIL FROM:<a@acme.example>\r\nRCPT TO:<victim@x.example>\r\nDATA\r\n'

async function begin(client: Client): Promise<void> {
  await client.expect('250', 'MAIL FROM:<a@acme.example>')
  await client.expect('250', 'RCPT TO:<b@x.example>')
  await client.expect('354', 'DATA')
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1))
}

test.each(ends)('%j is refused with the message, at every split, and smuggles nothing', async (end) => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  const before = message.slice(0, -2)
  for (let cut = 0; cut <= end.length; cut++) {
    await begin(client)
    client.write(before + end.slice(0, cut))
    await pause()
    client.write(end.slice(cut) + smuggled)
    await pause()
    client.write('\r\n.\r\n')
    expect(await client.reply()).toMatch(/^554 5\.5\.2 .*bare (CR|LF)/)
  }
  expect(await client.say('NOOP')).toMatch(/^250 /)
  expect(submissions).toEqual([])
})

test.each(ends)('%j octet by octet is refused with the message', async (end) => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  await begin(client)
  client.write(message.slice(0, -2))
  for (const octet of `${end}${smuggled.slice(0, 20)}\r\n.\r\n`) {
    client.write(octet)
    await pause()
  }
  expect(await client.reply()).toMatch(/^554 5\.5\.2 /)
  expect(await client.say('NOOP')).toMatch(/^250 /)
  expect(submissions).toEqual([])
})

test('the real end is found at every split', async () => {
  const { greet, submissions } = await startIntake()
  const client = await greet()
  const wire = `${message.slice(0, -2)}\r\n.\r\n`
  for (let cut = wire.length - 6; cut < wire.length; cut++) {
    await begin(client)
    client.write(wire.slice(0, cut))
    await pause()
    client.write(wire.slice(cut))
    expect(await client.reply()).toMatch(/^250 /)
  }
  expect(new Set(submissions.map((one) => Buffer.from(one.data).toString()))).toEqual(new Set([message]))
})

test('a command that ends in a bare LF is refused and ends the session, with all that came behind it', async () => {
  const { open, submissions } = await startIntake()
  const client = await open()
  client.write(`EHLO c\r\nMAIL FROM:<a@acme.example>\nRCPT TO:<b@x.example>\r\nDATA\r\n${message}.\r\n`)
  expect(await client.reply()).toMatch(/^250-/)
  expect(await client.reply()).toMatch(/^500 5\.5\.2 .*bare LF/)
  expect(await client.reply()).toBe('closed')
  expect(submissions).toEqual([])
})
