/** Trust that ends by itself, and accounts that are suspended: over real sockets, with the letter arriving at a sink. */

import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import type { Act } from '../../src/store/trust.ts'
import { EngineFixture } from '../support/engineFixture.ts'
import { logKey } from '../support/storeFixture.ts'

const ACME = 1
let fixture: EngineFixture

afterEach(() => fixture?.stop())

function act(reason: string): Act {
  return { actor: 'ann@relay.example', at: Date.now(), reason }
}

async function trustAcme(): Promise<void> {
  const now = Date.now()
  const [figures] = await fixture.store.trust.figures(now, ACME)
  await fixture.store.users.add({ email: 'ann@relay.example', name: '', role: 'admin', passwordHash: '' })
  await fixture.store.trust.decide({
    account: ACME,
    decision: 'on',
    requestedBy: 'acme',
    reason: 'known for years',
    criteria: figures!.criteria,
    decidedBy: 'ann@relay.example',
    decidedAt: now,
    reviewAt: now + 90 * DAY_MS,
    samples: 'keep',
    tell: false,
  })
}

/** Sends to so many mailboxes that do not exist. */
async function bounce(count: number): Promise<void> {
  const to = Array.from({ length: count }, (_, index) => `permfail+${index}@kestrel.example`)
  await fixture.status(await fixture.submit({ to }), 'failed')
}

function lettersTo(address: string) {
  return fixture.sink.messages.filter(({ recipients }) => recipients.some((recipient) => recipient.address === address))
}

async function letterTo(address: string) {
  const end = Date.now() + 15_000
  while (lettersTo(address).length === 0) {
    if (Date.now() > end) throw new Error(`no letter to ${address} has come`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return lettersTo(address)[0]!
}

function isTrusted(): boolean {
  return fixture.store.directory.accountById(ACME)!.trusted
}

/** Changes the main database beside the running store. */
function execute(sql: string): void {
  const database = openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 256 })
  database.exec(sql)
  database.close()
}

test('too many bounces end trust, and the contact is told what, why, from when and whom to ask', async () => {
  fixture = await EngineFixture.start()
  await trustAcme()
  await bounce(10)
  await fixture.engine.pollTrust()
  expect(isTrusted()).toBe(true)
  await bounce(1)
  await fixture.engine.pollTrust()
  expect(isTrusted()).toBe(false)
  const [ended] = await fixture.store.trust.history(ACME)
  expect(ended).toMatchObject({ decision: 'off', decidedBy: 'system', samples: 'keep', reviewAt: undefined })
  expect(ended!.reason).toBe(
    'bounces: 11 of 11 deliveries (11 % of 100, the least a rate is taken of), more than the 10 % allowed',
  )

  const { from, data } = await letterTo('ops@acme.example')
  expect(from).toBe('')
  const letter = await PostalMime.parse(data)
  expect(letter.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated')
  expect(letter.subject).toBe('Trust has ended for account acme')
  expect(letter.from?.address).toBe('postmaster@relay.test')
  expect(letter.replyTo?.[0]?.address).toBe('ann@relay.example')
  const text = letter.text!.replace(/\s+/g, ' ')
  expect(text).toContain(`ended on ${new Date(ended!.decidedAt).toISOString().slice(0, 10)}`)
  expect(text).toContain(ended!.reason)
  expect(text).toContain('one whole message in a thousand of this account')
  expect(text).toContain('Whom to ask: ann@relay.example')
  for (const line of data.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)

  await fixture.engine.pollTrust()
  expect(lettersTo('ops@acme.example')).toHaveLength(1)
})

test('a letter that cannot be accepted is tried again at the next look, also after a restart', async () => {
  fixture = await EngineFixture.start()
  await trustAcme()
  await fixture.store.trust.addComplaint(
    { account: ACME, message: undefined, at: Date.now(), source: 'person', note: 'a letter' },
    act('a letter'),
  )
  execute("CREATE TRIGGER broken BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'no more'); END")
  await fixture.engine.pollTrust()
  expect(isTrusted()).toBe(false)
  expect(await fixture.store.trust.untold()).toHaveLength(1)
  execute('DROP TRIGGER broken')
  await fixture.restart()
  const { data } = await letterTo('ops@acme.example')
  expect(data.toString('latin1')).toContain('complaints: 1 of 0 messages')
  expect(await fixture.store.trust.untold()).toEqual([])
})

test('mail of a suspended account is refused with the reason; what was accepted before goes on', async () => {
  fixture = await EngineFixture.start()
  const before = await fixture.submit({ to: ['tempfail2@kestrel.example'] })
  await fixture.status(before, 'deferred')
  await fixture.store.trust.setStatus(ACME, 'suspended', act('the invoice of\r\nSeptember is unpaid'))
  const refusal = '550 5.7.1 Account acme is suspended: the invoice of September is unpaid'
  await expect(fixture.submit({ to: ['tom@kestrel.example'] })).rejects.toThrow(refusal)
  await fixture.engine.act('retry', {}, 'now')
  await fixture.until(before, ({ deliveries }) => deliveries[0]!.attempts === 2)
  await fixture.engine.act('retry', {}, 'now')
  await fixture.status(before, 'delivered')
  await fixture.restart()
  await expect(fixture.submit({ to: ['tom@kestrel.example'] })).rejects.toThrow(refusal)
  await fixture.store.trust.setStatus(ACME, 'active', act('paid'))
  await fixture.status(await fixture.submit({ to: ['tom@kestrel.example'] }), 'delivered')
})
