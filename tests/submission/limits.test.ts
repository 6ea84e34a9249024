import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { LimiterEntry } from '../../src/mta/submission/connectionLimiter.ts'
import { Client } from './support/client.ts'
import { kept, message, startIntake } from './support/intake.ts'

const soon = { sweepMs: 20 }

/** Asks again until the answer fits, 200 times at most; gives the last answer. */
async function firstOf(ask: () => Promise<string>, fits: (answer: string) => boolean): Promise<string> {
  let answer = ''
  for (let i = 0; i < 200; i++) {
    answer = await ask()
    if (fits(answer)) break
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return answer
}

test('a client that talks before the greeting is turned away', async () => {
  const { port } = await startIntake()
  const client = kept(Client.dial(port))
  // written before the connection is there: it arrives with it
  client.write('EHLO client.example\r\n')
  expect(await client.reply()).toMatch(/^554 5\.5\.1 .*before the greeting/)
  expect(await client.reply()).toBe('closed')
})

test('one session too many is told so, in all and by address, and there is room again when one has gone', async () => {
  const { port, open } = await startIntake({ limits: { sessions: 3, sessionsPerAddress: 2 } })
  const [first] = [await open(), await open()]
  const third = kept(Client.dial(port))
  expect(await third.reply()).toMatch(/^421 4\.7\.0 Too many sessions from your address/)
  expect(await third.reply()).toBe('closed')
  const neighbour = kept(Client.dial(port, '127.0.0.1', '127.0.0.2'))
  expect(await neighbour.reply()).toMatch(/^220 /)
  const another = kept(Client.dial(port, '127.0.0.1', '127.0.0.3'))
  expect(await another.reply()).toMatch(/^421 4\.7\.0 Too many sessions: /)
  await first!.say('QUIT')
  const next = await firstOf(
    () => kept(Client.dial(port)).reply(),
    (reply) => reply.startsWith('220'),
  )
  expect(next).toMatch(/^220 /)
})

test('the limit counts sessions over TLS, too', async () => {
  const { securePort } = await startIntake({ smtps: true, limits: { sessionsPerAddress: 1 } })
  kept(await Client.openSecure(securePort))
  const { connect } = await import('node:tls')
  const second = kept(new Client(connect({ port: securePort, host: '127.0.0.1', rejectUnauthorized: false })))
  expect(await second.reply()).toMatch(/^421 4\.7\.0 /)
})

test("who is turned away takes nobody's place, and a flood is cut without a word", () => {
  const limiterEntry = new LimiterEntry({ sessions: 4, sessionsPerAddress: 2 })
  const came = ['a', 'a', 'a', 'a', 'a', 'b', 'c', 'd', 'e'].map((address) => limiterEntry.enter(address))
  expect(came).toEqual([
    'welcome',
    'welcome',
    'address-full',
    'address-full',
    'flood',
    'welcome',
    'welcome',
    'full',
    'flood',
  ])
  limiterEntry.leave('a', 'welcome')
  for (const connectionLimiter of ['flood', 'address-full'] as const) limiterEntry.leave('a', connectionLimiter)
  expect([limiterEntry.enter('c'), limiterEntry.enter('d')]).toEqual(['welcome', 'full'])
})

test.each([
  ['idle for too long', { ...soon, idleMs: 50 }, /^421 4\.4\.2 Nothing came/],
  ['too long in all', { ...soon, sessionMs: 50 }, /^421 4\.4\.2 The session lasted too long/],
])('a session that is %s ends', async (_name, tunables, reply) => {
  const { greet } = await startIntake({ tunables })
  const client = await greet()
  await client.say('MAIL FROM:<a@acme.example>')
  expect(await client.reply()).toMatch(reply)
  expect(await client.reply()).toBe('closed')
})

test('a session without a credential ends after a while, however busy', async () => {
  const { open } = await startIntake({ credentials: [], tunables: { ...soon, loginMs: 60, strangerCommands: 1e6 } })
  const client = await open()
  const reply = await firstOf(
    () => client.say('NOOP'),
    (answer) => !answer.startsWith('250'),
  )
  expect(reply).toMatch(/^421 4\.4\.2 No message was begun/)
})

test('a client without a credential has only so many commands', async () => {
  const { greet } = await startIntake({ credentials: [], tunables: { strangerCommands: 5 } })
  const client = await greet()
  for (let i = 0; i < 4; i++) expect(await client.say('NOOP')).toMatch(/^250 /)
  expect(await client.say('NOOP')).toMatch(/^421 4\.7\.0 Too many commands/)
})

test('a session that makes mistake after mistake ends', async () => {
  const { greet } = await startIntake({ tunables: { errors: 3 } })
  const client = await greet()
  for (let i = 0; i < 3; i++) expect(await client.say('XYZZY')).toMatch(/^500 /)
  expect(await client.reply()).toMatch(/^421 4\.7\.0 Too many mistakes/)
})

test('refused recipients are no mistakes', async () => {
  const { greet } = await startIntake({
    tunables: { errors: 3 },
    routes: [{ domain: 'x.example', route: { kind: 'reject' } }],
  })
  const client = await greet()
  await client.say('MAIL FROM:<a@acme.example>')
  for (let i = 0; i < 10; i++) expect(await client.say(`RCPT TO:<b${i}@x.example>`)).toMatch(/^550 /)
  expect(await client.say('RCPT TO:<b@y.example>')).toMatch(/^250 /)
})

test('a message that trickles in is cut off; a steady one is not', async () => {
  const { greet, submissions } = await startIntake({ tunables: { ...soon, dataWindowMs: 100, dataRate: 2000 } })
  const [slow, steady] = [await greet(), await greet()]
  for (const client of [slow, steady]) await client.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<b@x.example>', 'DATA')
  const timer = setInterval(() => {
    slow.write('x')
    steady.write(`X: ${'x'.repeat(900)}\r\n`)
  }, 20)
  try {
    expect(await slow.reply()).toMatch(/^421 4\.4\.2 .*too slowly/)
  } finally {
    clearInterval(timer)
  }
  steady.write(`${message}.\r\n`)
  expect(await steady.reply()).toMatch(/^250 /)
  expect(submissions).toHaveLength(1)
})

test('all messages being received share a budget, which comes back when they are done or gone', async () => {
  const { greet } = await startIntake({ tunables: { memoryOctets: 5000 } })
  const [one, two, three] = [await greet(), await greet(), await greet()]
  const big = message.replace('Hi.', 'x'.repeat(4000))
  for (const client of [one, two]) await client.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<b@x.example>', 'DATA')
  one.write(big)
  two.write(big)
  one.write('.\r\n')
  two.write('.\r\n')
  const codes = (await Promise.all([one.reply(), two.reply()])).map((reply) => reply.slice(0, 9)).sort()
  expect(codes[0]).toBe('250 2.0.0')
  expect(['250 2.0.0', '452 4.3.1']).toContain(codes[1])
  await one.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<b@x.example>', 'DATA')
  one.write(big)
  // until the first octets are there the budget is free
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await two.submit(big)).toMatch(/^452 4\.3\.1 /)
  one.close()
  expect(
    await firstOf(
      () => three.submit(big),
      (answer) => !answer.startsWith('452'),
    ),
  ).toMatch(/^250 /)
})

test('a stop lets a message in DATA finish and tells everybody else to come again', async () => {
  const { greet, submissionServer, submissions, port } = await startIntake()
  const [idle, busy] = [await greet(), await greet()]
  await busy.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<b@x.example>', 'DATA')
  const stopped = submissionServer.stop(10_000)
  expect(await idle.reply()).toMatch(/^421 4\.3\.2 /)
  expect(await idle.reply()).toBe('closed')
  const late = kept(Client.dial(port))
  expect(await late.reply()).toBe('closed')
  busy.write(`${message}.\r\nMAIL FROM:<a@acme.example>\r\n`)
  expect(await busy.reply()).toMatch(/^250 /)
  expect(await busy.reply()).toMatch(/^421 4\.3\.2 /)
  await stopped
  expect(submissions).toHaveLength(1)
})

test('a stop waits for a message that is being accepted, and cuts what outlasts the grace', async () => {
  let finish = () => {}
  const { greet, submissionServer } = await startIntake({
    accept: () =>
      new Promise((resolve) => {
        finish = () => resolve({ kind: 'accepted', id: 1 })
      }),
  })
  const [accepting, stuck] = [await greet(), await greet()]
  for (const client of [accepting, stuck])
    await client.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<b@x.example>', 'DATA')
  accepting.write(`${message}.\r\n`)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const stopped = submissionServer.stop(200)
  finish()
  expect(await accepting.reply()).toMatch(/^250 /)
  await stopped
  expect(await stuck.reply()).toBe('closed')
})

test('a listener that cannot be opened is named, and none is left open', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  const { createSubmissionServer } = await import('../../src/mta/submission/index.ts')
  const { optionsOf } = await import('./support/intake.ts')
  const { options } = await optionsOf()
  const submissionServer = createSubmissionServer({ ...options, smtps: [{ host: '127.0.0.1', port }] })
  await expect(submissionServer.start()).rejects.toThrow(`127.0.0.1:${port}`)
  await new Promise((resolve) => taken.close(resolve))
})

test('a client over IPv6 is known by its address', async () => {
  const { greet, submissions } = await startIntake({ host: '::1', credentials: [{ name: '::1/128' }] })
  const client = await greet()
  await client.submit(message)
  expect(submissions[0]!.client.address).toBe('::1')
  expect(submissions[0]!.received('ID', 0)).toMatch(/^Received: from client\.example \(\[IPv6:::1\]\)\r\n/)
})

test('a client that sends and never reads is not read for ever', async () => {
  const { greet } = await startIntake()
  const client = await greet()
  await client.say('MAIL FROM:<a@acme.example>')
  const { socket } = client
  socket.pause()
  const batch = Buffer.from('NOOP\r\n'.repeat(10_000))
  // more than the buffers of both sockets hold
  const most = 30_000_000
  const takenNow = () => socket.bytesWritten - socket.writableLength
  let taken = 0
  for (let still = 0; still < 20 && taken < most; ) {
    while (socket.writableLength < 10 * batch.length) socket.write(batch)
    await new Promise((resolve) => setTimeout(resolve, 25))
    still = takenNow() === taken ? still + 1 : 0
    taken = takenNow()
  }
  expect(taken).toBeLessThan(most)
})
