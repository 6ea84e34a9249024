/** Cases and openings on a real store: four eyes, kept in the writing transaction. */

import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { approvalRefusal, defaultCaseSettings, type OpeningFacts, openRefusal } from '../../src/model/case.ts'
import type { Actor, Opening, OpeningResult } from '../../src/store/cases.ts'
import { StoreFixture, sealPair } from '../support/storeFixture.ts'

const HOUR = 3_600_000
const policy = defaultCaseSettings

let fixture: StoreFixture
let rita: Actor
let sam: Actor
let sample: number
let file: number

async function addUser(email: string): Promise<Actor> {
  const person = await fixture.store.users.add({ email, name: '', role: 'reviewer', passwordHash: 'x' })
  return { id: person!.id, email }
}

beforeEach(async () => {
  fixture = await StoreFixture.open()
  rita = await addUser('rita@relay.example')
  for (let i = 0; i < 1000; i += 250) {
    await Promise.all(
      Array.from({ length: 250 }, () => fixture.store.queue.accept(fixture.message({ credential: 1, body: 'sealed' }))),
    )
  }
  const page = await fixture.store.samples.list({
    account: 1,
    flagged: undefined,
    before: undefined,
    limit: 10,
    now: fixture.time,
  })
  sample = page.rows[0]!.message
  file = await fixture.store.cases.open(
    { account: 1, reason: 'spam', note: 'complaints', signals: [] },
    rita,
    fixture.time,
  )
})

afterEach(() => fixture.close())

function request(override = 'three complaints by telephone') {
  const given = { case: file, sample, reason: 'spam', override: override === '' ? undefined : override }
  return fixture.store.cases.requestOpening(given, policy, rita, fixture.time)
}

function openingOf(result: OpeningResult): Opening {
  if (!result.ok) throw new Error(result.refusal)
  return result.opening
}

function approve(opening: Opening, actor: Actor) {
  return fixture.store.cases.approveOpening(opening.id, policy, actor, fixture.time)
}

function take(opening: Opening, actor: Actor) {
  return fixture.store.cases.takeOpening(opening.id, actor, fixture.time)
}

test('with two reviewers an opening needs the other one, is used once, and by who asked', async () => {
  sam = await addUser('sam@relay.example')
  const opening = openingOf(await request())
  expect(opening).toMatchObject({ state: 'requested', needsSecond: true, opensAt: undefined })
  expect((await fixture.store.cases.get(file, fixture.time))!.status).toBe('waiting for second person')
  expect(await take(opening, rita)).toEqual({ ok: false, refusal: 'wrong state' })
  expect(await approve(opening, rita)).toEqual({ ok: false, refusal: 'own request' })
  expect(await approve(opening, sam)).toMatchObject({ ok: true, opening: { state: 'approved' } })
  expect(await take(opening, sam)).toEqual({ ok: false, refusal: 'not yours' })
  expect(await take(opening, rita)).toMatchObject({ ok: true, opening: { state: 'used' } })
  expect(await take(opening, rita)).toEqual({ ok: false, refusal: 'wrong state' })
  expect((await fixture.store.cases.get(file, fixture.time))!.status).toBe('in review')
  const content = await fixture.store.samples.open(sample, sealPair.privateKey)
  expect(Buffer.from(content!.bytes).toString()).toContain('sealed')
  expect(await fixture.store.cases.accessReport(1)).toMatchObject({
    samples: 1,
    openings: [{ sample, case: file, reason: 'spam' }],
  })
})

test('of two approvals at once one wins; of two uses at once one', async () => {
  sam = await addUser('sam@relay.example')
  const third = await addUser('tess@relay.example')
  const opening = openingOf(await request())
  const approvals = await Promise.all([approve(opening, sam), approve(opening, third)])
  expect(approvals.filter(({ ok }) => ok)).toHaveLength(1)
  const uses = await Promise.all([take(opening, rita), take(opening, rita)])
  expect(uses.filter(({ ok }) => ok)).toHaveLength(1)
})

test('an approval that was taken back, or has expired, opens nothing', async () => {
  sam = await addUser('sam@relay.example')
  const revoked = openingOf(await request())
  await approve(revoked, sam)
  expect(await fixture.store.cases.revokeOpening(revoked.id, 'a mistake', sam, fixture.time)).toMatchObject({
    ok: true,
  })
  expect(await take(revoked, rita)).toEqual({ ok: false, refusal: 'wrong state' })
  const late = openingOf(await request())
  await approve(late, sam)
  fixture.time += policy.approvalHours * HOUR
  expect(await take(late, rita)).toEqual({ ok: false, refusal: 'wrong state' })
})

test('a second login of the same person is no second person', async () => {
  sam = await addUser('sam@relay.example')
  for (const email of ['rita+private@relay.example', 'RITA+2@relay.example.']) {
    const again = await addUser(email)
    const opening = openingOf(await request())
    expect(await approve(opening, again)).toEqual({ ok: false, refusal: 'own request' })
    expect(await take(opening, rita)).toEqual({ ok: false, refusal: 'wrong state' })
  }
})

test('two logins of one person make nobody’s second person: who is alone waits', async () => {
  await addUser('rita+private@relay.example')
  expect(openingOf(await request())).toMatchObject({ needsSecond: false })
})

test('nobody inherits the openings of a person who was removed', async () => {
  sam = await addUser('sam@relay.example')
  const tess = await addUser('tess@relay.example')
  const given = { case: file, sample, reason: 'spam', override: 'reports' }
  const opening = openingOf(await fixture.store.cases.requestOpening(given, policy, tess, fixture.time))
  await approve(opening, sam)
  expect(await fixture.store.users.remove(tess.id)).toBe(true)
  const uma = await addUser('uma@relay.example')
  expect(uma.id).toBeGreaterThan(tess.id)
  expect(await take(opening, { id: tess.id, email: uma.email })).toEqual({ ok: false, refusal: 'wrong state' })
  // not after a restart either
  await fixture.store.users.remove(uma.id)
  await fixture.reopen()
  expect((await addUser('vera@relay.example')).id).toBeGreaterThan(uma.id)
})

test('who may not review any more has asked for nothing, and approved nothing', async () => {
  sam = await addUser('sam@relay.example')
  const tess = await addUser('tess@relay.example')
  const [asked, approved] = [openingOf(await request()), openingOf(await request())]
  await approve(asked, sam)
  await approve(approved, tess)
  await fixture.store.users.setRole(tess.id, 'auditor')
  expect(await take(approved, rita)).toEqual({ ok: false, refusal: 'wrong state' })
  await fixture.store.users.setRole(sam.id, 'admin')
  expect(await take(asked, rita)).toMatchObject({ ok: true })
  const late = openingOf(await request())
  await fixture.store.users.remove(rita.id)
  expect(await approve(late, sam)).toEqual({ ok: false, refusal: 'wrong state' })
  const { events, status } = (await fixture.store.cases.get(file, fixture.time))!
  expect(events.filter(({ kind }) => kind === 'opening revoked').map(({ actor }) => actor)).toEqual([
    'system',
    'system',
  ])
  expect(status).toBe('in review')
})

test('a request nobody has answered in time is waited for no more', async () => {
  sam = await addUser('sam@relay.example')
  const opening = openingOf(await request())
  fixture.time = opening.expiresAt
  expect((await fixture.store.cases.get(file, fixture.time))!.status).toBe('in review')
  const waiting = { status: 'waiting for second person' } as const
  expect((await fixture.store.cases.list(waiting, 10, undefined, fixture.time)).cases).toEqual([])
  expect((await fixture.store.cases.list(waiting, 10, undefined, fixture.time - 1)).cases).toHaveLength(1)
  expect(await approve(opening, sam)).toEqual({ ok: false, refusal: 'wrong state' })
})

test('what a second person refuses stays sealed, and can be asked for again', async () => {
  sam = await addUser('sam@relay.example')
  const opening = openingOf(await request())
  const refuse = (actor: Actor) =>
    fixture.store.cases.refuseOpening(opening.id, 'not needed to decide', actor, fixture.time)
  expect(await refuse(rita)).toEqual({ ok: false, refusal: 'own request' })
  expect(await refuse(sam)).toMatchObject({ ok: true, opening: { state: 'refused' } })
  expect(await take(opening, rita)).toEqual({ ok: false, refusal: 'wrong state' })
  expect((await fixture.store.cases.get(file, fixture.time))!.status).toBe('in review')
  expect(await request()).toMatchObject({ ok: true, opening: { state: 'requested' } })
})

test('a sample whose time is over is not opened, however it was asked for', async () => {
  sam = await addUser('sam@relay.example')
  const longer = { ...policy, approvalHours: 100 * 24 }
  const asked = { case: file, sample, reason: 'spam', override: 'reports' }
  const first = openingOf(await fixture.store.cases.requestOpening(asked, longer, rita, fixture.time))
  const second = openingOf(await fixture.store.cases.requestOpening(asked, longer, rita, fixture.time))
  await fixture.store.cases.approveOpening(first.id, longer, sam, fixture.time)
  fixture.time += 70 * 24 * HOUR
  const over = { ok: false, refusal: 'sample over' }
  expect(await take(first, rita)).toEqual(over)
  expect(await approve(second, sam)).toEqual(over)
  expect(await request()).toEqual(over)
  expect(await fixture.store.samples.open(sample, sealPair.privateKey)).toBeUndefined()
  expect((await fixture.store.cases.get(file, fixture.time))!.samples).toEqual([])
  expect((await fixture.store.cases.accessReport(1)).openings).toEqual([])
})

test('who is alone waits a day instead', async () => {
  const opening = openingOf(await request())
  expect(opening).toMatchObject({ needsSecond: false, opensAt: fixture.time + policy.delayHours * HOUR })
  expect(await take(opening, rita)).toEqual({ ok: false, refusal: 'too early' })
  expect((await fixture.store.cases.accessReport(1)).announced).toMatchObject([{ sample, opensAt: opening.opensAt }])
  fixture.time += policy.delayHours * HOUR
  expect(await take(opening, rita)).toMatchObject({ ok: true })
})

test('below the threshold of suspicion an opening needs its own reason', async () => {
  expect(await request('')).toEqual({ ok: false, refusal: 'suspicion' })
})

test('a sample names the case that asks for it, or whose evidence it is, while that is under review', async () => {
  const { cases, samples, signals } = fixture.store
  const caseOf = async () => {
    const query = { account: 1, flagged: undefined, before: undefined, limit: 10, now: fixture.time }
    return (await samples.list(query)).rows[0]!.case
  }
  expect(await caseOf()).toBeUndefined()
  openingOf(await request())
  expect(await caseOf()).toBe(file)
  await cases.decide(file, 'unclear', 'nothing to see', rita, fixture.time)
  expect(await caseOf()).toBeUndefined()

  const facts = { account: 1, kind: 'spam score', weight: 50, summary: 'score 90', source: 'built-in checks' } as const
  const rest = { at: fixture.time, fact: 'a sample', value: 90 }
  await signals.add([{ ...facts, ...rest, messages: [sample] }])
  const query = { account: 1, unmatched: false, kind: undefined, since: undefined, unassigned: true, before: undefined }
  const [told] = (await signals.list({ ...query, limit: 1 })).signals
  const given = { account: 1, reason: 'spam', note: 'its score', signals: [told!.id] }
  expect(await caseOf()).toBeUndefined()
  const second = await cases.open(given, rita, fixture.time)
  expect(await caseOf()).toBe(second)
})

test('a decided case opens nothing, and neither does a case on another account', async () => {
  sam = await addUser('sam@relay.example')
  const opening = openingOf(await request())
  await approve(opening, sam)
  await fixture.store.cases.decide(file, 'no breach', 'looks fine', rita, fixture.time)
  expect(await take(opening, rita)).toEqual({ ok: false, refusal: 'case closed' })
  expect(await request()).toEqual({ ok: false, refusal: 'case closed' })
  // opened again, it is another question: nobody's old approval counts
  await fixture.store.cases.reopen(file, 'new reports', rita, fixture.time)
  expect(await take(opening, rita)).toEqual({ ok: false, refusal: 'wrong state' })
  await fixture.store.directory.addAccount({ name: 'bravo', contact: 'ops@bravo.example', domains: [] })
  file = await fixture.store.cases.open({ account: 2, reason: 'spam', note: 'x', signals: [] }, rita, fixture.time)
  expect(await request()).toEqual({ ok: false, refusal: 'no sample' })
})

test('every step is a line of the timeline and an entry of the audit log', async () => {
  sam = await addUser('sam@relay.example')
  const before = (await fixture.store.audit.head()).entries
  const opening = openingOf(await request())
  await approve(opening, sam)
  await take(opening, rita)
  await fixture.store.cases.decide(file, 'breach', 'phishing', rita, fixture.time)
  await fixture.store.cases.close(file, '', rita, fixture.time)
  await fixture.store.cases.reopen(file, 'an appeal', sam, fixture.time)
  const { events } = (await fixture.store.cases.get(file, fixture.time))!
  expect(events.map(({ kind }) => kind)).toEqual([
    'opened',
    'opening requested',
    'opening approved',
    'sample opened',
    'verdict',
    'closed',
    'reopened',
  ])
  expect((await fixture.store.audit.head()).entries - before).toBe(6)
})

test('nobody ever approves their own request, nor uses one of another person', () => {
  const facts = fc.record<OpeningFacts>({
    state: fc.constantFrom('requested', 'approved', 'refused', 'revoked', 'expired', 'used'),
    requester: fc.integer({ min: 1, max: 3 }),
    needsSecond: fc.boolean(),
    opensAt: fc.option(fc.nat(100), { nil: undefined }),
    expiresAt: fc.nat(200),
  })
  fc.assert(
    fc.property(facts, fc.integer({ min: 1, max: 3 }), fc.nat(250), (opening, person, now) => {
      if (approvalRefusal(opening, person, now) === undefined) {
        expect(person).not.toBe(opening.requester)
        expect(now).toBeLessThan(opening.expiresAt)
      }
      if (openRefusal(opening, person, now) === undefined) {
        expect(person).toBe(opening.requester)
        expect(opening.needsSecond ? opening.state : 'requested').toBe(opening.needsSecond ? 'approved' : opening.state)
        expect(now).toBeLessThan(opening.expiresAt)
        expect(now).toBeGreaterThanOrEqual(opening.opensAt!)
      }
    }),
  )
})
