/** The disclosure register over the API: two persons, an export with its hash, the gag, and the hold. */

import { createHash } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Client, password, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let ann: Client
let bob: Client
let carl: Client

const demand = {
  authority: 'District court',
  basis: 'file 7 Js 12/26',
  scope: { kind: 'account', account: 'acme' },
} as const
const reason = 'checked with the lawyer'
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

beforeAll(async () => {
  relay = await startTestRelay()
  ann = relay.bearer((await relay.person('admin')).token)
  bob = relay.bearer((await relay.person('reviewer')).token)
  carl = relay.bearer((await relay.person('reviewer')).token)
  for (const name of ['acme', 'bravo']) {
    await ann.accounts.add({ name, contact: `ops@${name}.example`, domains: [`${name}.example`] })
    await ann.accounts.addCredential({ account: name, kind: 'password', password })
    await send(name)
  }
})
afterAll(() => relay.stop())

async function send(account: string): Promise<void> {
  const smtp = relay.relay.listeners.find(({ kind }) => kind === 'smtp')!
  const auth = { user: account, pass: password }
  const transport = createTransport({ host: smtp.host, port: smtp.port, auth, tls: { rejectUnauthorized: false } })
  const mail = {
    from: `billing@${account}.example`,
    to: 'tom@kestrel.example',
    subject: `from ${account}`,
    text: 'Hello',
  }
  await transport.sendMail(mail).finally(() => transport.close())
}

test('a demand is recorded with its hold, and handed over only when a second person has approved it', async () => {
  const recorded = await ann.legalRequests.record(demand)
  const { id } = recorded
  expect(recorded).toMatchObject({ ...demand, state: 'recorded', approvedBy: null, export: null, noticeAt: null })
  expect(await ann.retention.holds()).toMatchObject([{ id: recorded.hold, scope: demand.scope, releasedAt: null }])
  await expect(ann.legalRequests.export({ id })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(ann.legalRequests.approve({ id, reason })).rejects.toMatchObject({
    code: 'REFUSED',
    message: /themselves/,
  })
  await expect(relay.local.legalRequests.approve({ id, reason })).rejects.toMatchObject({ message: /needs a person/ })

  const race = await Promise.allSettled([bob, carl, bob, carl].map((one) => one.legalRequests.approve({ id, reason })))
  expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)

  const { legalRequest, name, content } = await ann.legalRequests.export({ id })
  expect(name).toMatch(/^disclosure-1-\d{4}-\d\d-\d\d\.jsonl$/)
  const records = content.trimEnd().split('\n')
  expect(records.map((line) => JSON.parse(line) as object)).toMatchObject([{ account: 'acme', subject: 'from acme' }])
  const sha256 = createHash('sha256').update(content).digest('hex')
  expect(legalRequest).toMatchObject({ state: 'exported', export: { records: 1, bytes: content.length, sha256 } })
  const { rows } = await ann.audit.list({ action: 'disclosures.export' })
  expect(rows).toMatchObject([{ object: `disclosure ${id}`, facts: { disclosure: id, records: 1, sha256 } }])
})

test('what is covered by an address, a message or a period is found as well', async () => {
  const { items } = await ann.messages.list({ filter: { subject: 'bravo' }, limit: 1 })
  const scopes = [
    [{ kind: 'address', address: 'tom@kestrel.example' }, ['from acme', 'from bravo']],
    [{ kind: 'message', message: items[0]!.id }, ['from bravo']],
    [{ kind: 'period', since: inDays(-1), until: inDays(1) }, ['from acme', 'from bravo']],
    [{ kind: 'period', since: inDays(-2), until: inDays(-1) }, []],
  ] as const
  for (const [scope, subjects] of scopes) {
    const { id } = await ann.legalRequests.record({ ...demand, scope, hold: false })
    await bob.legalRequests.approve({ id, reason })
    const { content } = await ann.legalRequests.export({ id })
    const found = content
      .split('\n')
      .flatMap((line) => (line ? [(JSON.parse(line) as { subject: string }).subject] : []))
    expect(found, scope.kind).toEqual(subjects)
  }
})

test('the account is told once, with what was handed over, and the demand is closed with its hold', async () => {
  await expect(ann.legalRequests.close({ id: 1, reason })).rejects.toMatchObject({ code: 'REFUSED', message: /told/ })
  const told = await ann.legalRequests.notice({ id: 1, tell: true })
  expect(told.noticeAt).not.toBeNull()
  await expect(ann.legalRequests.notice({ id: 1, tell: true })).rejects.toMatchObject({ code: 'CONFLICT' })
  const { items } = await ann.messages.list({ filter: { to: 'ops@acme.example' }, limit: 10 })
  expect(items).toMatchObject([{ account: 'acme', from: '', subject: 'An authority demanded data of account acme' }])
  expect((await ann.messages.list({ filter: { to: 'ops@bravo.example' }, limit: 10 })).items).toEqual([])
  expect(await ann.legalRequests.close({ id: 1, reason })).toMatchObject({ state: 'closed' })
  expect((await ann.retention.holds())[0]!.releasedAt).not.toBeNull()
})

test('nobody is told before the gag ends; when it has ended and nobody was told, an alarm says so', async () => {
  const { id } = await ann.legalRequests.record({ ...demand, gagUntil: inDays(30) })
  await expect(ann.legalRequests.notice({ id, tell: true })).rejects.toMatchObject({
    code: 'REFUSED',
    message: /not be told yet/,
  })
  await expect(ann.legalRequests.notice({ id, tell: false })).rejects.toMatchObject({ code: 'REFUSED', message: /why/ })
  expect((await ann.status.get()).retention.alarms).toEqual([])

  const ended = await ann.legalRequests.record({ ...demand, gagUntil: new Date(Date.now() - 1000).toISOString() })
  expect((await ann.status.get()).retention.alarms).toEqual([
    `legal demand ${ended.id}: the gag has ended, and the account was not told yet`,
  ])
  await ann.legalRequests.notice({
    id: ended.id,
    tell: false,
    reason: 'the account was closed and nobody can be reached',
  })
  expect((await ann.status.get()).retention.alarms).toEqual([])
})

test('as long as a gag lasts, neither panel nor package nor answer tells of what the demand keeps', async () => {
  const member = relay.bearer((await relay.person('member', 'acme')).token)
  const { id } = await ann.legalRequests.record({ ...demand, gagUntil: inDays(30) })
  const open = (await ann.legalRequests.list({ limit: 100 })).legalRequests.filter(({ state }) => state === 'recorded')
  expect((await ann.messages.list({ filter: { subject: 'from acme' } })).items).toMatchObject([{ held: true }])
  const { items } = await member.own.messages({ filter: { subject: 'from acme' } })
  expect(items).toMatchObject([{ held: false }])
  expect((await member.own.message({ id: items[0]!.id })).held).toBe(false)

  const carriedOut = async (kind: 'access' | 'deletion') => {
    const request = await ann.requests.open({ kind, track: 'third party', subject: 'tom@kestrel.example' })
    await ann.requests.confirmEvidence({ id: request.id, evidence: 'called back' })
    await ann.requests.search({ id: request.id })
    await vi.waitFor(async () => expect((await ann.requests.get({ id: request.id })).search!.state).toBe('done'), 9000)
    await ann.requests.decide({ id: request.id })
    await ann.requests.execute({ id: request.id })
    const done = async () => expect((await ann.requests.get({ id: request.id })).state).toBe('executed')
    await vi.waitFor(done, 20_000)
    return ann.requests.get({ id: request.id })
  }
  const access = await carriedOut('access')
  // unfinished mail has a controller too
  expect(access.search!.accounts.map(({ account }) => account).sort()).toEqual(['acme', 'bravo'])
  const read = () => ann.requests.readExport({ id: access.dataExports[0]!.id })
  expect((await read()).html).not.toMatch(/\bholds?\b|disclosures/i)

  const deletion = await carriedOut('deletion')
  const kept = deletion.execution!.waiting.map(({ why }) => why)
  expect(kept).toContain('a legal hold keeps it')
  // the request itself is no news
  expect(kept.join()).not.toContain('not over')
  const { effects, answer } = await ann.requests.preview({ id: deletion.id })
  expect(answer!.text).not.toMatch(/\bhold|stays for now/)
  expect(effects.join(' ')).toContain(`legal demand ${id}`)

  // neither does a refusal
  const later = await ann.requests.open({ kind: 'deletion', track: 'third party', subject: 'tom@kestrel.example' })
  await ann.requests.confirmEvidence({ id: later.id, evidence: 'called back' })
  await ann.requests.search({ id: later.id })
  await vi.waitFor(async () => expect((await ann.requests.get({ id: later.id })).search!.state).toBe('done'), 9000)
  const refusal = { id: later.id, ground: 'hold', reason: 'a court wants it' } as const
  await expect(ann.requests.refuse(refusal)).rejects.toMatchObject({ code: 'REFUSED' })

  // a demand of which everybody may know is told
  for (const one of open) await ann.legalRequests.refuse({ id: one.id, reason })
  for (const one of open) await ann.legalRequests.close({ id: one.id, reason })
  await ann.legalRequests.record(demand)
  const { answer: open_ } = await ann.requests.preview({ id: deletion.id })
  expect(open_!.text).toContain('(a legal hold keeps it)')
  expect(await ann.requests.refuse(refusal)).toMatchObject({ outcome: 'refused' })
})

test('a refused demand hands nothing over', async () => {
  const { id } = await ann.legalRequests.record(demand)
  expect(await bob.legalRequests.refuse({ id, reason: 'no court has signed it' })).toMatchObject({ state: 'refused' })
  await expect(carl.legalRequests.approve({ id, reason })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(ann.legalRequests.export({ id })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await ann.legalRequests.close({ id, reason })).toMatchObject({ state: 'closed' })
  const page = await ann.legalRequests.list({ limit: 2 })
  expect(page.legalRequests.map((one) => one.id)).toEqual([id, id - 1])
  expect((await ann.legalRequests.list({ limit: 2, cursor: page.next! })).legalRequests[0]!.id).toBe(id - 2)
})
