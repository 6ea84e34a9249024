/** A third party's way over real sockets: mail to the desk, forwarding, the account's order, deletion, answers, an end. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { RequestFixture, textOf } from './support.ts'

let fixture: RequestFixture
const person = 'tom@kestrel.example'

beforeAll(async () => {
  fixture = await RequestFixture.start(['acme', 'bravo'])
  await fixture.send('acme', person)
  await fixture.send('acme', 'ann@harrier.example')
  await fixture.send('bravo', person)
  await fixture.sink.received(3)
})
afterAll(() => fixture.stop())

async function found(address: string): Promise<string[]> {
  const { items } = await fixture.local.messages.list({ filter: { to: address } })
  return items.map(({ account }) => account)
}

test('from the first mail to the last letter; then the relay has forgotten who asked', async () => {
  const { local } = fixture
  const mail = `From: Tom <${person}>\r\nSubject: my data\r\n\r\nPlease delete everything about me.\r\n`
  expect(await fixture.write(mail, person)).toMatch(/^250/)
  const acknowledged = textOf(await fixture.letter(person, 'We have received your request'))
  expect(acknowledged).toContain('Auto-Submitted: auto-generated')
  expect(acknowledged).toContain('Reply-To: <privacy@relay.test>')
  const parent = await fixture.request(({ subject }) => subject === person)
  expect(parent).toMatchObject({
    kind: 'deletion',
    track: 'third party',
    account: null,
    source: 'mail',
    state: 'received',
  })

  const searched = await fixture.search(parent.id, 2)
  expect(searched.accounts.map(({ account }) => account).sort()).toEqual(['acme', 'bravo'])

  await local.requests.forward({ id: parent.id, accounts: ['acme'] })
  expect(textOf(await fixture.letter(person, 'Who answers your request'))).toContain('acme, ops@acme.example')
  const asked = textOf(await fixture.letter('ops@acme.example', 'A person asks about mail of your account'))
  expect(asked).toContain(person)
  expect(await local.requests.get({ id: parent.id })).toMatchObject({ state: 'answered', outcome: 'forwarded' })

  // the account orders it by answering
  const answer = `From: ops@acme.example\r\nSubject: Re: [request ${parent.id}] A person asks\r\n\r\nYes, do it.\r\n`
  expect(await fixture.write(answer, 'ops@acme.example')).toMatch(/^250/)
  const order = await fixture.request((one) => one.parent === parent.id)
  expect(order).toMatchObject({
    kind: 'deletion',
    track: 'account',
    account: 'acme',
    subject: person,
    state: 'received',
  })
  await expect(local.requests.decide({ id: order.id })).rejects.toMatchObject({ code: 'CONFLICT' })
  const ordered = textOf(await fixture.letter('ops@acme.example', 'We have received your request'))
  expect(ordered.replaceAll('\n', ' ')).toContain('you ask on behalf of another person to have data about them deleted')

  // anybody can write a From field: the contact has to answer with a code
  await local.requests.sendCode({ id: order.id })
  const code = /^(\d{4}) (\d{4})$/m.exec(textOf(await fixture.letter('ops@acme.example', 'Please confirm')))!
  const reply = `From: ops@acme.example\r\nSubject: Re: [request ${order.id}] code\r\n\r\n${code[1]}${code[2]}\r\n`
  await fixture.write(reply, 'ops@acme.example')
  await fixture.detail(order.id, ({ state }) => state === 'identified')
  await fixture.search(order.id, 1)
  const preview = await local.requests.preview({ id: order.id })
  expect(preview.effects.length).toBeGreaterThan(1)
  await local.requests.decide({ id: order.id })
  await local.requests.execute({ id: order.id })
  const executed = await fixture.detail(order.id, ({ state }) => state === 'executed')
  expect(executed.execution).toMatchObject({ state: 'done' })
  expect(executed.receipts.length).toBeGreaterThan(0)
  // its own letters about it stay until the person is told
  expect((await found(person)).filter((account) => account !== 'mailward')).toEqual(['bravo'])
  expect(await found('ann@harrier.example')).toEqual(['acme'])

  await local.requests.answer({ id: order.id })
  await fixture.letter('ops@acme.example', 'was carried out')
  expect(textOf(await fixture.letter(person, 'What came of your request'))).toContain('order of acme was carried out')
  await fixture.detail(order.id, ({ state, subject }) => state === 'closed' && /^[0-9a-f]{12}$/.test(subject))
  const ended = await fixture.detail(parent.id, ({ state, subject }) => state === 'closed' && !subject.includes('@'))
  expect(ended).toMatchObject({ outcome: 'done', text: '' })
  for (const id of [order.id, parent.id]) expect(JSON.stringify(await local.requests.get({ id }))).not.toContain(person)
  // what another account wrote is its own
  expect(await found(person)).toEqual(['bravo'])
  expect((await local.audit.verify({})).findings).toEqual([])
})

test('an order that was taken back is none: nobody is told of it, and the next one is told once', async () => {
  const { local, sink } = fixture
  const subject = 'ida@kestrel.example'
  const { id: parent } = await local.requests.open({ kind: 'objection', track: 'third party', subject })
  await local.requests.forward({ id: parent, accounts: ['acme'] })
  await fixture.letter(subject, 'Who answers your request')
  const order = { kind: 'objection', track: 'account', account: 'acme', subject, parent } as const
  const first = await local.requests.open(order)
  await local.requests.close({ id: first.id, outcome: 'withdrawn', reason: 'taken back' })
  const second = await local.requests.open(order)
  await local.requests.confirmEvidence({ id: second.id, evidence: 'called back' })
  await local.requests.decide({ id: second.id })
  expect(await local.requests.get({ id: parent })).toMatchObject({ state: 'answered', outcome: 'forwarded' })
  await local.requests.execute({ id: second.id })
  await fixture.detail(second.id, ({ state }) => state === 'executed')
  await local.requests.answer({ id: second.id })
  await fixture.detail(parent, ({ state, outcome }) => state === 'closed' && outcome === 'done')
  const told = sink.messages.filter(({ recipients }) => recipients.some(({ address }) => address === subject))
  expect(told.map(({ data }) => /^Subject: (.*)/m.exec(Buffer.from(data).toString('latin1'))![1]!.trim())).toEqual([
    `[request ${parent}] Who answers your request`,
    `[request ${parent}] What came of your request`,
  ])
  expect(textOf(told[1]!)).not.toContain('withdrawn')
})

test('an account that answers after the person was taken out of the request orders nothing for nobody', async () => {
  const { local } = fixture
  const subject = 'eva@kestrel.example'
  const { id: parent } = await local.requests.open({ kind: 'deletion', track: 'third party', subject })
  await local.requests.forward({ id: parent, accounts: ['acme'] })
  const order = await local.requests.open({ kind: 'deletion', track: 'account', account: 'acme', subject, parent })
  await local.requests.confirmEvidence({ id: order.id, evidence: 'called back' })
  await fixture.search(order.id, 0)
  await local.requests.decide({ id: order.id })
  await local.requests.execute({ id: order.id })
  await fixture.detail(order.id, ({ state }) => state === 'executed')
  await local.requests.answer({ id: order.id })
  await fixture.detail(parent, (detail) => !detail.subject.includes('@'))
  const late = `From: ops@acme.example\r\nSubject: Re: [request ${parent}] A person asks\r\n\r\nYes, delete it.\r\n`
  expect(await fixture.write(late, 'ops@acme.example')).toMatch(/^250/)
  const request = await fixture.request(({ id }) => id > order.id)
  // nor is it the account's own wish to have everything of it deleted
  expect(request).toMatchObject({ kind: 'access', track: 'holder', account: 'acme', subject: 'ops@acme.example' })
  const { events } = await local.requests.get({ id: request.id })
  expect(events.find(({ kind }) => kind === 'guess')?.text).toContain(`request ${parent}`)
  expect((await local.requests.get({ id: parent })).orders.map(({ id }) => id)).toEqual([order.id])
})

test('an order that comes after the request was closed without one is told to the person all the same', async () => {
  const { local } = fixture
  const subject = 'leo@kestrel.example'
  const { id: parent } = await local.requests.open({ kind: 'objection', track: 'third party', subject })
  await local.requests.forward({ id: parent, accounts: ['acme'] })
  await local.requests.close({ id: parent, outcome: 'forwarded', reason: 'no order came' })
  const answer = `From: ops@acme.example\r\nSubject: Re: [request ${parent}] A person asks\r\n\r\nYes, do it.\r\n`
  expect(await fixture.write(answer, 'ops@acme.example')).toMatch(/^250/)
  const { id } = await fixture.request((one) => one.parent === parent)
  expect(await local.requests.get({ id: parent })).toMatchObject({
    state: 'answered',
    outcome: 'forwarded',
    closedAt: null,
  })
  await local.requests.confirmEvidence({ id, evidence: 'called back' })
  await local.requests.decide({ id })
  await local.requests.execute({ id })
  await fixture.detail(id, ({ state }) => state === 'executed')
  await local.requests.answer({ id })
  expect(textOf(await fixture.letter(subject, 'What came of your request'))).toContain('was carried out')
  await fixture.detail(parent, ({ state, outcome, closedAt }) => state === 'closed' && outcome === 'done' && !!closedAt)
})
