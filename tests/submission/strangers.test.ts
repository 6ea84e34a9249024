import { beforeAll, expect, test } from 'vitest'
import { hashPassword } from '../../src/base/passwordHash.ts'
import type { Credential } from '../../src/model/account.ts'
import { AccountSessions } from '../../src/mta/submission/accountSessions.ts'
import { SharedBudget } from '../../src/mta/submission/sharedBudget.ts'
import { networkOf } from '../../src/mta/submission/strangers.ts'
import { Client } from './support/client.ts'
import { kept, message, plain, startIntake } from './support/intake.ts'

const word = 'correct horse battery staple'
let shop: Partial<Credential>

beforeAll(async () => {
  shop = { kind: 'password', name: 'Shop', secret: await hashPassword(word) }
})

async function come(port: number, from: string): Promise<Client> {
  return kept(await Client.open(port, '127.0.0.1', from))
}

async function logIn(client: Client): Promise<string> {
  await client.expect('250', 'EHLO client.example')
  return client.say(`AUTH PLAIN ${plain('shop', word)}`)
}

test('clients of a network have its name in common, and others have not', () => {
  expect(networkOf('192.0.2.7')).toBe(networkOf('192.0.2.250'))
  expect(networkOf('192.0.2.7')).not.toBe(networkOf('192.0.3.7'))
  expect(networkOf('2001:db8:1:2::7')).toBe(networkOf('2001:db8:1:2:ffff::9'))
  expect(networkOf('2001:db8:1:2::7')).not.toBe(networkOf('2001:db8:1:3::7'))
})

test('a customer logs in and sends while strangers hold on to every session they can get', async () => {
  const { port, submissions } = await startIntake({ credentials: [shop], limits: { sessions: 10 } })
  for (let i = 0; i < 30; i++) kept(Client.dial(port, '127.0.0.1', `127.${i % 3}.9.${i + 1}`))
  for (let i = 0; i < 4; i++) {
    const customer = await come(port, '127.0.5.1')
    expect(await logIn(customer)).toMatch(/^235 /)
    expect(await customer.submit(message)).toMatch(/^250 /)
  }
  expect(submissions).toHaveLength(4)
})

test('the network with most strangers gives up the one that is silent for longest, and is told so', async () => {
  const { port } = await startIntake({ credentials: [], limits: { sessions: 10 } })
  const alone = await come(port, '127.0.7.1')
  const crowd = [await come(port, '127.0.8.1'), await come(port, '127.0.8.2'), await come(port, '127.0.8.3')]
  const others = [await come(port, '127.0.9.1'), await come(port, '127.0.9.2')]
  expect(await crowd[0]!.say('NOOP')).toMatch(/^250 /)
  const late = await come(port, '127.0.6.1')
  expect(await crowd[1]!.reply()).toMatch(/^421 4\.7\.0 Others wait/)
  expect(await crowd[1]!.reply()).toBe('closed')
  for (const client of [alone, crowd[0]!, crowd[2]!, ...others, late]) expect(await client.say('NOOP')).toMatch(/^250 /)
})

test('a session that has logged in is never given up, and a network full of strangers takes only its own places', async () => {
  const { port } = await startIntake({ credentials: [shop], limits: { sessions: 10 } })
  const customer = await come(port, '127.0.8.9')
  expect(await logIn(customer)).toMatch(/^235 /)
  const elsewhere = await come(port, '127.0.7.1')
  const crowd: Client[] = []
  for (let i = 0; i < 12; i++) crowd.push(await come(port, `127.0.8.${i + 10}`))
  expect(await crowd[0]!.reply()).toMatch(/^421 4\.7\.0 /)
  expect(await elsewhere.say('NOOP')).toMatch(/^250 /)
  expect(await customer.submit(message)).toMatch(/^250 /)
})

test('a client that is turned out and does not leave is cut off', async () => {
  const { port } = await startIntake({ credentials: [], limits: { sessions: 2 } })
  const first = await come(port, '127.0.8.1')
  first.socket.allowHalfOpen = true
  await come(port, '127.0.9.1')
  await come(port, '127.0.10.1')
  expect(await first.reply()).toMatch(/^421 /)
  // its own side stays open: only what it writes finds out that nobody is there
  const writing = setInterval(() => first.write('NOOP\r\n'), 20)
  try {
    expect(await first.closed()).toBe(true)
  } finally {
    clearInterval(writing)
  }
})

test('one account holds three quarters of all sessions at most, and has room again when one ends', () => {
  const sessions = new AccountSessions(4)
  expect([1, 1, 1, 1, 2].map((account) => sessions.enter(account))).toEqual([true, true, true, false, true])
  sessions.leave(1)
  expect(sessions.enter(1)).toBe(true)
})

test('an account with too many sessions is told so; another account is not', async () => {
  const { port } = await startIntake({
    accounts: [{}, { domains: ['beta.example'] }],
    credentials: [shop, { ...shop, account: 2, name: 'beta' }],
    limits: { sessions: 4 },
  })
  for (let i = 0; i < 3; i++) expect(await logIn(await come(port, `127.0.${i}.1`))).toMatch(/^235 /)
  const fourth = await come(port, '127.0.3.1')
  await logIn(fourth)
  expect(await fourth.reply()).toMatch(/^421 4\.7\.0 Your account has too many sessions/)
  expect(await fourth.reply()).toBe('closed')
  const beta = await come(port, '127.0.4.1')
  await beta.expect('250', 'EHLO client.example')
  expect(await beta.say(`AUTH PLAIN ${plain('beta', word)}`)).toMatch(/^235 /)
})

test('however much one account sends at once, the next has room; what is given up is there again', () => {
  const budget = new SharedBudget(120)
  const [one, two, three] = [budget.claim(1), budget.claim(1), budget.claim(1)]
  expect([one.take(40), two.take(40), three.take(1)]).toEqual([true, true, false])
  const other = budget.claim(2)
  expect([other.take(40), other.take(1)]).toEqual([true, false])
  other.give(40)
  other.end()
  one.give(40)
  one.end()
  expect(three.take(20)).toBe(true)
})

test('a single message has all that is free, and what it set aside and did not use comes back', () => {
  const budget = new SharedBudget(100)
  const claim = budget.claim(1)
  expect([claim.reserve(90), claim.take(95), claim.take(6)]).toEqual([true, true, false])
  claim.give(95)
  claim.end()
  claim.end()
  const early = budget.claim(1)
  expect(early.reserve(60)).toBe(true)
  expect([budget.hasRoom(2, 41), budget.hasRoom(2, 40)]).toEqual([false, true])
  early.end()
  expect(budget.hasRoom(2, 100)).toBe(true)
})

test('a message that is announced too large for the memory left is refused before it is sent', async () => {
  const { greet } = await startIntake({ tunables: { memoryOctets: 5000 } })
  const [one, two] = [await greet(), await greet()]
  expect(await one.say('MAIL FROM:<a@acme.example> SIZE=6000')).toMatch(/^452 4\.3\.1 /)
  for (const client of [one, two]) await client.talk('MAIL FROM:<a@acme.example> SIZE=3000', 'RCPT TO:<b@x.example>')
  expect(await one.say('DATA')).toMatch(/^354 /)
  expect(await two.say('DATA')).toMatch(/^452 4\.3\.1 /)
  one.write(`${message}.\r\n`)
  expect(await one.reply()).toMatch(/^250 /)
  expect(await two.say('DATA')).toMatch(/^354 /)
})
