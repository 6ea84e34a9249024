/** Trust, status and complaints as people decide them over the API. */

import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, password, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let admin: Client
let email: string

const review = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const asked = { requestedBy: 'their letter', reason: 'known for years' } as const

beforeAll(async () => {
  relay = await startTestRelay()
  const person = await relay.person('admin')
  email = person.email
  admin = relay.bearer(person.token)
  for (const name of ['acme', 'bravo', 'cedar']) {
    await admin.accounts.add({ name, contact: `ops@${name}.example`, domains: [`${name}.example`] })
    await admin.accounts.addCredential({ account: name, kind: 'password', password })
  }
})
afterAll(() => relay.stop())

function send(account: string): Promise<{ response: string }> {
  const smtp = relay.relay.listeners.find(({ kind }) => kind === 'smtp')!
  const auth = { user: account, pass: password }
  const transport = createTransport({ host: smtp.host, port: smtp.port, auth, tls: { rejectUnauthorized: false } })
  const from = `billing@${account}.example`
  return transport.sendMail({ from, to: 'tom@kestrel.example', text: 'Hello' }).finally(() => transport.close())
}

test('trust needs to be asked for, a reason, and a review within a year', async () => {
  const decide = (change: object) =>
    admin.trust.decide({ name: 'acme', decision: 'on', ...asked, reviewAt: review(90), ...change })
  await expect(decide({ requestedBy: ' ' })).rejects.toMatchObject({ code: 'REFUSED', message: /request/ })
  await expect(decide({ reason: ' ' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(decide({ reviewAt: undefined })).rejects.toMatchObject({ code: 'REFUSED', message: /date/ })
  await expect(decide({ reviewAt: review(-1) })).rejects.toMatchObject({ code: 'REFUSED', message: /passed/ })
  await expect(decide({ reviewAt: review(367) })).rejects.toMatchObject({ code: 'REFUSED', message: /366 days/ })
  await expect(decide({ name: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await admin.trust.get({ name: 'acme' })).toMatchObject({ trusted: false, history: [], reviewDue: false })
})

test('a decision is shown with who made it and on what, and kept in the history', async () => {
  const reviewAt = review(90)
  const on = await admin.trust.decide({ name: 'ACME', decision: 'on', ...asked, reviewAt })
  expect(on).toMatchObject({ account: 'acme', decision: 'on', ...asked, decidedBy: email, reviewAt, samplesHeld: 0 })
  expect(on.criteria).toMatchObject({ ageDays: 0, complaints: 0, bounceRate: null })
  expect(await admin.accounts.get({ name: 'acme' })).toMatchObject({ trusted: true })
  const off = await admin.trust.decide({ name: 'acme', decision: 'off', reason: 'they left' })
  expect(off).toMatchObject({ decision: 'off', reviewAt: null, samples: 'keep', receipt: null })
  const again = admin.trust.decide({ name: 'acme', decision: 'off', reason: 'they left' })
  await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
  expect((await admin.trust.get({ name: 'acme' })).history).toEqual([off, on])
})

test('a complaint ends trust at once, and the account is written to', async () => {
  await admin.trust.decide({ name: 'bravo', decision: 'on', ...asked, reviewAt: review(90) })
  const own = /queued as (\S+)/.exec((await send('bravo')).response)![1]!
  const foreign = /queued as (\S+)/.exec((await send('cedar')).response)![1]!
  const complain = (message?: string) => admin.trust.addComplaint({ name: 'bravo', message, note: 'Tom telephoned' })
  await expect(complain(foreign)).rejects.toMatchObject({ code: 'REFUSED', message: /not of account bravo/ })
  await expect(complain('00000000000')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await admin.trust.get({ name: 'bravo' })).toMatchObject({ trusted: true, crossed: [] })
  const { id } = await complain(own)
  const view = await admin.trust.get({ name: 'bravo' })
  expect(view).toMatchObject({ trusted: false, criteria: { messages: 1, complaints: 1, complaintRate: 1 } })
  expect(view.history[0]).toMatchObject({ decision: 'off', decidedBy: 'system', reason: view.crossed.join('; ') })
  expect(await admin.trust.complaints({ name: 'bravo' })).toMatchObject([
    { id, source: 'person', message: own, note: 'Tom telephoned' },
  ])
  // routed to capture on a fresh relay: accepted, and kept in the queue
  const { items } = await admin.messages.list({ filter: { to: 'ops@bravo.example' }, limit: 10 })
  expect(items).toMatchObject([{ account: 'bravo', credential: null, from: '', sampled: false }])
  const renew = admin.trust.decide({ name: 'bravo', decision: 'on', ...asked, reviewAt: review(90) })
  await expect(renew).rejects.toMatchObject({ code: 'REFUSED', message: /would end at once: complaints: 1 of 1/ })
  const figures = await admin.accounts.figures()
  expect(figures.map(({ account }) => account)).toEqual(['acme', 'bravo', 'cedar'])
  expect(figures[1]).toMatchObject({ messages: 1, complaints: 1, reviewDue: false })
})

test('stricter thresholds count at once', async () => {
  const before = await admin.trust.thresholds()
  expect(before).toEqual({ bounceRate: 0.1, complaintRate: 0.001, leastMessages: 100 })
  const lax = { bounceRate: 0.1, complaintRate: 0.5, leastMessages: 100 }
  await admin.trust.setThresholds({ ...lax, reason: 'for a while' })
  await admin.trust.addComplaint({ name: 'cedar', note: 'by letter' })
  await admin.trust.decide({ name: 'cedar', decision: 'on', ...asked, reviewAt: review(366) })
  expect(await admin.trust.setThresholds({ ...before, reason: 'back again' })).toEqual(before)
  expect(await admin.accounts.get({ name: 'cedar' })).toMatchObject({ trusted: false })
})

test('a suspended account hears why, a resumed one is taken again, and a closed one only with a reason', async () => {
  const set = (status: 'active' | 'suspended' | 'closed', reason: string) =>
    admin.accounts.setStatus({ name: 'acme', status, reason })
  await expect(set('active', '')).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(set('suspended', ' ')).rejects.toMatchObject({ code: 'REFUSED', message: /reason/ })
  expect(await set('suspended', 'unpaid')).toMatchObject({ status: 'suspended', statusReason: 'unpaid' })
  await expect(send('acme')).rejects.toThrow('550 5.7.1 Account acme is suspended: unpaid')
  expect(await set('active', '')).toMatchObject({ status: 'active', statusReason: '' })
  expect((await send('acme')).response).toMatch(/^250 /)
  await set('closed', 'the contract has ended')
  await expect(send('acme')).rejects.toThrow('550 5.7.1 Account acme is closed: the contract has ended')
  await expect(set('active', '')).rejects.toMatchObject({ code: 'REFUSED' })
  expect(await set('active', 'a new contract')).toMatchObject({ status: 'active' })
})

test('samples are listed without content, and none of an account that does not exist', async () => {
  expect(await admin.samples.list({})).toEqual({ samples: [], next: null })
  await expect(admin.samples.list({ account: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(admin.samples.list({ cursor: 'x' })).rejects.toMatchObject({ code: 'REFUSED' })
})

test('everything decided is in the audit log under the name of who did it', async () => {
  const { rows } = await admin.audit.list({ action: 'trust', limit: 100 })
  const acts = rows.map(({ action, actor }) => `${action} ${actor}`).toReversed()
  expect(acts).toEqual([
    `trust.decide ${email}`,
    `trust.decide ${email}`,
    `trust.decide ${email}`,
    `trust.addComplaint ${email}`,
    'trust.decide system',
    'trust.told system',
    `trust.setThresholds ${email}`,
    `trust.addComplaint ${email}`,
    `trust.decide ${email}`,
    `trust.setThresholds ${email}`,
    'trust.decide system',
    'trust.told system',
  ])
  const statuses = await admin.audit.list({ action: 'accounts.setStatus' })
  expect(statuses.rows.map(({ reason }) => reason)).toEqual(['a new contract', 'the contract has ended', '', 'unpaid'])
  expect((await admin.audit.verify({})).ok).toBe(true)
})
