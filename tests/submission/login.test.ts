import { beforeAll, expect, test } from 'vitest'
import { hashPassword } from '../../src/base/passwordHash.ts'
import type { Credential } from '../../src/model/account.ts'
import type { ThrottleEntry } from '../../src/store/store.ts'
import { Client } from './support/client.ts'
import { kept, message, plain, type Setup, startIntake } from './support/intake.ts'

const word = 'correct horse battery staple'
let shop: Partial<Credential>

beforeAll(async () => {
  shop = { kind: 'password', name: 'Shop', secret: await hashPassword(word) }
})

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** Wrong passwords cost nothing twice, then minutes. */
const strict: Setup['tunables'] = {
  throttle: { freeForAddress: 4, freeForUser: 2, firstWaitMs: 60_000, longestWaitMs: 600_000, forgetMs: 600_000 },
}

function logIn(client: Client, user: string, password: string): Promise<string> {
  return client.say(`AUTH PLAIN ${plain(user, password)}`)
}

test.each([
  ['PLAIN with an initial response', async (client: Client) => logIn(client, 'shop', word)],
  ['PLAIN without', async (client: Client) => client.talk('AUTH PLAIN', plain('SHOP', word))],
  ['LOGIN', async (client: Client) => client.talk('AUTH LOGIN', base64('Shop'), base64(word))],
  [
    'LOGIN with an initial response',
    async (client: Client) => client.talk(`auth login ${base64('Shop')}`, base64(word)),
  ],
])('AUTH %s logs in, and its credential sends', async (_name, exchange) => {
  const { greet, submissions } = await startIntake({ credentials: [{ ...shop, id: 42 }] })
  const client = await greet()
  expect(await client.say('MAIL FROM:<a@acme.example>')).toBe('530 5.7.0 Authentication required: log in with AUTH')
  expect(await exchange(client)).toMatch(/^235 2\.7\.0 /)
  expect(await client.say('EHLO client.example')).not.toContain('AUTH')
  expect(await client.submit(message)).toMatch(/^250 /)
  expect(submissions[0]!.credential!.id).toBe(42)
  expect(submissions[0]!.received('ID', 0)).toContain('with ESMTPA id ID')
  expect(submissions[0]!.received('ID', 0)).not.toMatch(/shop/i)
  expect(await logIn(client, 'shop', word)).toMatch(/^503 5\.5\.1 /)
})

test('an exchange that is given up leaves the session as it was', async () => {
  const { greet } = await startIntake({ credentials: [shop] })
  const client = await greet()
  for (const steps of [
    ['AUTH PLAIN', '*'],
    ['AUTH LOGIN', '*'],
    ['AUTH LOGIN', base64('Shop'), '*'],
  ])
    expect(await client.talk(...steps)).toMatch(/^501 /)
  expect(await logIn(client, 'shop', word)).toMatch(/^235 /)
})

test('the answer to a wrong password and to an unknown user is the same', async () => {
  const { greet } = await startIntake({ credentials: [shop] })
  const client = await greet()
  const replies = new Set([await logIn(client, 'shop', 'wrong'), await logIn(client, 'nobody', word)])
  expect(replies).toEqual(new Set(['535 5.7.8 User name and password do not fit together']))
})

test('a blocked credential logs in and is told by name that it is blocked; a held one sends', async () => {
  const { greet, directory, submissions } = await startIntake({ credentials: [{ ...shop, status: 'blocked' }] })
  const client = await greet()
  await logIn(client, 'shop', word)
  expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^550 5\.7\.1 Credential Shop is blocked/)
  directory.change({ credentials: [{ ...shop, status: 'held' }] })
  expect(await client.submit(message)).toMatch(/^250 /)
  expect(submissions[0]!.credential!.status).toBe('held')
  directory.change({ credentials: [] })
  expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^535 5\.7\.8 .*removed/)
})

test('a right password is remembered until it is changed or its credential is gone', async () => {
  const { greet, directory } = await startIntake({ credentials: [shop] })
  const first = await greet()
  expect(await logIn(first, 'shop', word)).toMatch(/^235 /)
  expect(await logIn(await greet(), 'shop', word)).toMatch(/^235 /)
  directory.change({ credentials: [{ ...shop, secret: await hashPassword('another one') }] })
  expect(await logIn(await greet(), 'shop', word)).toMatch(/^535 /)
  expect(await logIn(await greet(), 'shop', 'another one')).toMatch(/^235 /)
  directory.change({ credentials: [] })
  expect(await logIn(await greet(), 'shop', 'another one')).toMatch(/^535 /)
})

test('many connections that log in at once all get in', async () => {
  const { greet } = await startIntake({ credentials: [shop], tunables: strict })
  const clients = await Promise.all(Array.from({ length: 12 }, greet))
  const replies = await Promise.all(clients.map((client) => logIn(client, 'shop', word)))
  expect(replies.filter((reply) => reply.startsWith('235'))).toHaveLength(12)
})

test('guesses are slowed by user name, across connections and restarts, before the password is looked at', async () => {
  const throttle = new Map<string, ThrottleEntry>()
  const setup = { credentials: [shop], tunables: strict, throttle }
  const first = await startIntake(setup)
  for (let i = 0; i < 2; i++) expect(await logIn(await first.greet(), 'shop', `guess ${i}`)).toMatch(/^535 5\.7\.8 /)
  expect(await logIn(await first.greet(), 'shop', word)).toMatch(/^454 4\.7\.0 .*try again in \d+ seconds/)
  await first.submissionServer.stop(0)
  expect([...throttle.keys()].sort()).toEqual(['address 127.0.0.1', 'pair address 127.0.0.1 user shop', 'user shop'])
  const second = await startIntake(setup)
  expect(await logIn(await second.greet(), 'shop', word)).toMatch(/^454 4\.7\.0 /)
  expect(await logIn(await second.greet(), 'other', word)).toMatch(/^535 /)
})

/** What guesses of others cost is milliseconds here, so that a test can wait for them. */
const short: Setup['tunables'] = {
  throttle: { freeForAddress: 4, freeForUser: 2, firstWaitMs: 1, longestWaitMs: 200, forgetMs: 600_000 },
}

test('guesses at other names from the same address slow the right password down and do not lock it out', async () => {
  const { greet } = await startIntake({ credentials: [shop], tunables: short })
  for (let i = 0; i < 8; i++) expect(await logIn(await greet(), `user${i}`, 'guess')).toMatch(/^535 /)
  expect(await logIn(await greet(), 'shop', word)).toMatch(/^235 /)
})

test('guesses at a name from many addresses do not lock its user out at an address that never guessed', async () => {
  const { greet, port } = await startIntake({ credentials: [shop], tunables: short })
  for (let i = 2; i < 8; i++) {
    const other = kept(await Client.open(port, '127.0.0.1', `127.0.0.${i}`))
    await other.expect('250', 'EHLO other')
    expect(await logIn(other, 'shop', 'guess')).toMatch(/^535 /)
  }
  expect(await logIn(await greet(), 'shop', word)).toMatch(/^235 /)
})

test('a wall clock that was a year ahead makes no wait longer', async () => {
  let now = 1_000_000_000_000
  const ahead = now + 365 * 24 * 3_600_000
  const key = 'pair address 127.0.0.1 user shop'
  const throttle = new Map<string, ThrottleEntry>([[key, { key, failures: 2, lastAt: ahead }]])
  const { greet } = await startIntake({ credentials: [shop], tunables: strict, throttle, clock: { now: () => now } })
  expect(await logIn(await greet(), 'shop', word)).toMatch(/^454 /)
  now += 60_001
  expect(await logIn(await greet(), 'shop', word)).toMatch(/^235 /)
})

test('many different guesses at once are counted before they are looked at', async () => {
  const { greet } = await startIntake({ credentials: [shop], tunables: strict })
  const clients = await Promise.all(Array.from({ length: 10 }, greet))
  const replies = await Promise.all(clients.map((client, i) => logIn(client, 'shop', `guess ${i}`)))
  expect(replies.filter((reply) => reply.startsWith('535'))).toHaveLength(2)
  expect(replies.filter((reply) => reply.startsWith('454'))).toHaveLength(8)
})

test('a client that has logged in is not locked out by the guesses of others', async () => {
  const { greet, port } = await startIntake({ credentials: [shop], tunables: strict })
  expect(await logIn(await greet(), 'shop', word)).toMatch(/^235 /)
  for (let i = 0; i < 3; i++) {
    const other = kept(await Client.open(port, '127.0.0.1', '127.0.0.2'))
    await other.expect('250', 'EHLO other')
    expect(await logIn(other, 'shop', `guess ${i}`)).toMatch(i < 2 ? /^535 / : /^454 /)
  }
  expect(await logIn(await greet(), 'shop', word)).toMatch(/^235 /)
})

test('wrong passwords are forgotten with time', async () => {
  let now = 1_000_000_000_000
  const { greet } = await startIntake({ credentials: [shop], tunables: strict, clock: { now: () => now } })
  const client = await greet()
  for (let i = 0; i < 2; i++) await logIn(client, 'shop', 'guess')
  expect(await logIn(client, 'shop', word)).toMatch(/^454 .*60 seconds/)
  now += 59_000
  expect(await logIn(client, 'shop', word)).toMatch(/^454 .* 1 seconds/)
  now += 1_001
  expect(await logIn(client, 'shop', 'guess')).toMatch(/^535 /)
  expect(await logIn(client, 'shop', word)).toMatch(/^454 .*120 seconds/)
  now += 120_001
  expect(await logIn(client, 'shop', word)).toMatch(/^235 /)
})

test('a session that gets its password wrong again and again ends', async () => {
  const { greet } = await startIntake({ credentials: [shop], tunables: { errors: 3 } })
  const client = await greet()
  for (let i = 0; i < 3; i++) expect(await logIn(client, 'shop', `guess ${i}`)).toMatch(/^535 /)
  expect(await client.reply()).toMatch(/^421 4\.7\.0 Too many mistakes/)
  expect(await client.reply()).toBe('closed')
})

test('the credential of an AUTH counts, not the one of the address', async () => {
  const { greet, submissions } = await startIntake({ credentials: [{}, shop] })
  const client = await greet()
  expect(await client.submit(message)).toMatch(/^250 /)
  await logIn(client, 'shop', word)
  expect(await client.submit(message)).toMatch(/^250 /)
  expect(submissions.map((one) => one.credential!.name)).toEqual(['127.0.0.0/8', 'Shop'])
})

test('the hourly limit of a credential holds across sessions, names the time, and ends with the hour', async () => {
  let now = Date.UTC(2026, 10, 23, 20, 44, 10)
  const { greet } = await startIntake({ credentials: [{ hourlyLimit: 2 }], clock: { now: () => now } })
  const client = await greet()
  await client.submit(message)
  now += 10 * 60_000
  await (await greet()).submit(message)
  expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^450 4\.7\.1 .*2 messages .*at 21:44 UTC$/)
  now = Date.UTC(2026, 10, 23, 21, 44, 0)
  expect(await client.submit(message)).toMatch(/^250 /)
  expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^450 4\.7\.1 .*at 21:54 UTC$/)
})

test('messages that are not accepted do not count towards the hour, and several at once cannot exceed it', async () => {
  const waiting: (() => void)[] = []
  const { greet } = await startIntake({
    credentials: [{ hourlyLimit: 1 }],
    accept: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve({ kind: 'refused', reply: { code: 452, enhancedCode: '4.3.1', text: 'full' } }))
      }),
  })
  const [one, two] = [await greet(), await greet()]
  for (const client of [one, two]) await client.talk('MAIL FROM:<a@acme.example>', 'RCPT TO:<b@x.example>', 'DATA')
  one.write(`${message}.\r\n`)
  while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  two.write(`${message}.\r\n`)
  expect(await two.reply()).toMatch(/^450 4\.7\.1 /)
  waiting[0]!()
  expect(await one.reply()).toBe('452 4.3.1 full')
  expect(await one.say('MAIL FROM:<a@acme.example>')).toMatch(/^250 /)
})
