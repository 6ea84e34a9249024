/** Versions of the policy, consents and the disclosure register in a real store: what is refused inside its transactions. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { StoreFixture } from '../support/storeFixture.ts'

const time = Date.UTC(2026, 10, 23, 12)
const content = { text: 'We keep little.', owner: 'Acme Ltd', keepDays: 30 }
const ann = { id: 1, email: 'ann@relay.example' }
const bob = { id: 2, email: 'bob@relay.example' }

let fixture: StoreFixture

beforeEach(async () => {
  fixture = await StoreFixture.open(time)
})
afterEach(() => fixture.close())

function act(reason = 'because') {
  return { actor: ann.email, at: fixture.time, reason }
}

async function actions(): Promise<string[]> {
  const { rows } = await fixture.store.audit.list({}, 100, undefined)
  return rows.map(({ action }) => action).toReversed()
}

test('a version takes effect with its days, once, and the one before is replaced', async () => {
  const { policy, directory } = fixture.store
  await policy.begin({ text: 'We keep a lot.', owner: 'Acme Ltd' }, time)
  await policy.begin({ text: 'something else', owner: 'nobody' }, time)
  expect(await policy.versions()).toMatchObject([{ version: 1, state: 'in force', keepDays: 70, inForceAt: time }])
  expect(await policy.takeEffect(1, time)).toBe(false)

  expect(await policy.prepare(content, act())).toMatchObject({ ok: true, version: { version: 2, state: 'draft' } })
  expect(await policy.prepare(content, act())).toEqual({ ok: false, refusal: 'another draft' })
  expect(await policy.takeEffect(2, time)).toBe(false)
  expect(await policy.announce(2, time + 2 * DAY_MS, act())).toMatchObject({
    ok: true,
    version: { state: 'announced' },
  })
  expect(await policy.revise(2, content, act())).toEqual({ ok: false, refusal: 'wrong state' })
  expect(await policy.letters(2)).toMatchObject([{ account: 1, to: 'ops@acme.example', about: 'change' }])

  expect(directory.policy().keepDays).toBe(70)
  expect(await policy.takeEffect(2, time + 2 * DAY_MS)).toBe(true)
  expect(await policy.takeEffect(2, time + 2 * DAY_MS)).toBe(false)
  expect(directory.policy().keepDays).toBe(30)
  const states = (await policy.versions()).map(({ version, state }) => [version, state])
  expect(states).toEqual([
    [2, 'in force'],
    [1, 'replaced'],
  ])
  expect(await policy.withdraw(2, act())).toEqual({ ok: false, refusal: 'wrong state' })
  expect((await actions()).filter((action) => action.startsWith('policy'))).toEqual([
    'policy.begin',
    'policy.prepare',
    'policy.announce',
    'policy.takeEffect',
  ])
})

test('days that are set directly are a version of the policy too', async () => {
  const { policy, retention } = fixture.store
  await policy.begin({ text: 'We keep a lot.', owner: 'Acme Ltd' }, time)
  const entry = { ...act('the contract'), action: 'retention.setDays', object: 'retention', details: {} }
  await retention.setDays(50, entry)
  await retention.setDays(50, entry)
  expect(await policy.versions()).toMatchObject([
    {
      version: 2,
      state: 'in force',
      keepDays: 50,
      text: 'We keep a lot.',
      reason: 'the contract',
      preparedBy: ann.email,
    },
    { version: 1, state: 'replaced' },
  ])
})

test('a change takes effect with the fewer days that were set since it was announced', async () => {
  const { policy, retention, directory } = fixture.store
  await policy.begin({ text: 'We keep a lot.', owner: 'Acme Ltd' }, time)
  await policy.prepare({ ...content, keepDays: 50 }, act())
  await policy.announce(2, time + 2 * DAY_MS, act())
  fixture.time += DAY_MS
  await retention.setDays(20, { ...act(), action: 'retention.setDays', object: 'retention', details: {} })
  fixture.time += DAY_MS
  expect(await policy.takeEffect(2, fixture.time)).toBe(true)
  expect(directory.policy().keepDays).toBe(20)
  expect(await policy.get(2)).toMatchObject({ state: 'in force', text: 'We keep little.', keepDays: 20 })

  // one that was announced after is known to make them longer
  fixture.time += 1
  await policy.prepare(content, act())
  await policy.announce(4, fixture.time + 2 * DAY_MS, act())
  fixture.time += 2 * DAY_MS
  expect(await policy.takeEffect(4, fixture.time)).toBe(true)
  expect(directory.policy().keepDays).toBe(30)
})

test('accounts that come later are told too; who was told of a change is told that it was withdrawn, and nobody else', async () => {
  const { policy, directory } = fixture.store
  await policy.begin({ text: 'We keep a lot.', owner: 'Acme Ltd' }, time)
  await policy.prepare(content, act())
  await policy.addressNew(2, fixture.time)
  expect(await policy.letters()).toEqual([])
  await policy.announce(2, time + 2 * DAY_MS, act())
  await directory.addAccount({ name: 'bravo', contact: 'ops@bravo.example', domains: [] })
  await policy.addressNew(2, fixture.time)
  expect((await policy.letters(2)).map(({ to }) => to)).toEqual(['ops@acme.example', 'ops@bravo.example'])
  const message = await fixture.deliver()
  await policy.sent({ version: 2, account: 1, about: 'change', to: 'ops@acme.example' }, message)
  await policy.prepare(content, act())
  expect(await policy.announce(3, time + 3 * DAY_MS, act())).toEqual({ ok: false, refusal: 'another announced' })
  expect(await policy.withdraw(2, act())).toMatchObject({ ok: true, version: { state: 'withdrawn' } })
  expect(await policy.letters(2)).toMatchObject([
    { account: 1, about: 'change', message },
    { account: 1, about: 'withdrawal', message: undefined },
  ])
})

test('a contact that was corrected after the letter to it had failed is told of the change', async () => {
  const { policy, directory } = fixture.store
  await directory.addAccount({ name: 'bravo', contact: 'ops@bravo.example', domains: [] })
  await directory.addAccount({ name: 'coral', contact: 'ops@coral.example', domains: [] })
  await policy.begin({ text: 'We keep a lot.', owner: 'Acme Ltd' }, time)
  await policy.prepare(content, act())
  await policy.announce(2, time + 2 * DAY_MS, act())
  const failed = await fixture.deliver()
  const [acme, bravo] = await policy.letters(2)
  await policy.sent(acme!, failed)
  await policy.settled(acme!, { state: 'failed', at: time, reply: '550 no such user' })
  await policy.sent(bravo!, await fixture.deliver())
  await policy.settled(bravo!, { state: 'delivered', at: time, reply: '250 ok' })
  await policy.addressNew(2, time)
  expect(await policy.letters(2)).toMatchObject([{ evidence: { state: 'failed' } }, {}, {}])

  for (const account of [1, 2, 3]) await directory.setAccountContact(account, `new${account}@mail.example`)
  await policy.addressNew(2, time)
  await policy.addressNew(2, time)
  expect(await policy.letters(2)).toMatchObject([
    { account: 1, to: 'new1@mail.example', message: undefined, evidence: undefined },
    // who was told is not told again
    { account: 2, to: 'ops@bravo.example', evidence: { state: 'delivered' } },
    { account: 3, to: 'new3@mail.example', message: undefined },
  ])
  const { rows } = await fixture.store.audit.list({ action: 'policy.readdress' }, 10, undefined)
  expect(rows.map(({ facts }) => facts)).toMatchObject([
    { version: 2, account: 3, before: { message: null, state: null } },
    { version: 2, account: 1, before: { message: failed, state: 'failed' } },
  ])
  expect(JSON.stringify(rows)).not.toContain('@mail.example')
})

test('a consent stands once, is withdrawn once, and the log never has the address', async () => {
  const { consents, audit } = fixture.store
  const given = { account: 1, address: 'Tom@Kestrel.example', purpose: 'product news', source: 'by telephone' }
  const consent = await consents.give(given, act())
  expect(consent).toMatchObject({ ...given, withdrawn: undefined })
  expect(await consents.give({ ...given, address: 'tom@kestrel.example' }, act())).toBeUndefined()
  expect(await consents.mailed(consent!.id, 77, time)).toBe(true)
  const withdrawn = await consents.withdraw(consent!.id, 'one-click', act(''))
  expect(withdrawn).toMatchObject({ consent: { withdrawn: { at: time, by: 'one-click' } }, messages: [77] })
  expect(await consents.mailed(consent!.id, 78, time)).toBe(false)
  const again = await consents.give(given, act())
  // an old letter's link takes back what was given since
  expect(await consents.withdraw(consent!.id, 'mail', act(''))).toMatchObject({
    consent: { withdrawn: { by: 'one-click' } },
  })
  expect(await consents.get(again!.id)).toMatchObject({ withdrawn: { by: 'mail' } })
  expect(await consents.withdraw(99, 'mail', act(''))).toBeUndefined()
  expect(await consents.purposes()).toEqual(['product news'])
  const { rows } = await audit.list({ action: 'consents' }, 100, undefined)
  expect(rows).toHaveLength(4)
  expect(JSON.stringify(rows).toLowerCase()).not.toContain('kestrel')
})

const demand = {
  authority: 'District court',
  basis: 'file 7 Js 12/26',
  scope: { kind: 'account', account: 1 } as const,
  receivedAt: time,
  gagUntil: time + 30 * DAY_MS,
  note: '',
  hold: true,
}

test('nobody approves their own recording, and of two at once one wins', async () => {
  const { legalRequests, holds } = fixture.store
  const by = (actor: typeof ann, reason = 'checked') => ({ actor, at: fixture.time, reason })
  const { id, hold } = await legalRequests.record(demand, by(ann))
  expect(await holds.list()).toMatchObject([{ id: hold, scope: demand.scope, released: undefined }])
  expect(await legalRequests.exported(id, { records: 0, bytes: 0, sha256: '' }, by(bob))).toMatchObject({
    refusal: 'wrong state',
  })
  expect(await legalRequests.approve(id, by(ann))).toEqual({ ok: false, refusal: 'same person' })
  expect(await legalRequests.approve(id, by({ id: 0, email: 'local' }))).toEqual({ ok: false, refusal: 'no person' })
  const carl = { id: 3, email: 'carl@relay.example' }
  const both = await Promise.all([
    legalRequests.approve(id, by(ann)),
    legalRequests.approve(id, by(bob)),
    legalRequests.approve(id, by(carl)),
    legalRequests.refuse(id, by(ann)),
  ])
  expect(both.map((result) => (result.ok ? result.legalRequest.state : result.refusal))).toEqual([
    'same person',
    'approved',
    'wrong state',
    'refused',
  ])
})

test('nobody is told before the gag ends, and nothing is closed before it is clear who was told', async () => {
  const { legalRequests, holds } = fixture.store
  const by = (actor: typeof ann, reason = 'checked') => ({ actor, at: fixture.time, reason })
  const { id } = await legalRequests.record(demand, by(ann))
  await legalRequests.approve(id, by(bob))
  await legalRequests.exported(id, { records: 2, bytes: 10, sha256: 'ab' }, by(ann))
  expect(await legalRequests.told(id, by(ann))).toEqual({ ok: false, refusal: 'gag' })
  expect(await legalRequests.close(id, by(ann))).toEqual({ ok: false, refusal: 'untold' })
  expect(await legalRequests.noticesDue(fixture.time)).toEqual([])
  fixture.time += 30 * DAY_MS
  expect(await legalRequests.noticesDue(fixture.time)).toEqual([id])
  expect(await legalRequests.told(id, by(ann))).toMatchObject({ ok: true, legalRequest: { noticeAt: fixture.time } })
  expect(await legalRequests.noticesDue(fixture.time)).toEqual([])
  expect(await legalRequests.told(id, by(ann))).toEqual({ ok: false, refusal: 'told' })
  expect(await legalRequests.close(id, by(ann, 'done'))).toMatchObject({ ok: true, legalRequest: { state: 'closed' } })
  expect((await holds.list())[0]?.released).toMatchObject({ by: ann.email, reason: `legal demand ${id} was closed` })
})
