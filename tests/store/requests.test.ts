/** Requests in the store: nothing moves before it is known who asks; codes wear out; the audit log names nobody. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RequestMove } from '../../src/model/request.ts'
import { DAY_MS } from '../../src/model/retention.ts'
import type { NewLetter, NewRequest, RequestStep } from '../../src/store/requests.ts'
import { StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
const time = Date.UTC(2026, 0, 31, 12)
const ann = { id: 7, email: 'ann@relay.example' }
const person = '"Tom"@Kestrel.example'

beforeEach(async () => {
  fixture = await StoreFixture.open(time)
})
afterEach(() => fixture.close())

function given(change: Partial<NewRequest> = {}): NewRequest {
  return {
    kind: 'deletion',
    track: 'third party',
    subject: person,
    account: undefined,
    source: 'hand',
    receivedAt: time,
    parent: undefined,
    text: 'Please delete everything.',
    correction: '',
    suppress: false,
    identity: undefined,
    guess: undefined,
    acknowledgement: undefined,
    inbox: undefined,
    ...change,
  }
}

async function open(change: Partial<NewRequest> = {}, at = fixture.time): Promise<number> {
  const opened = await fixture.store.requests.open(given(change), ann, at)
  if (opened.kind !== 'opened') throw new Error(opened.kind)
  return opened.id
}

const act = (request: number) => ({ request, actor: ann, at: fixture.time })
const step = (move: RequestMove): RequestStep => ({ move, letters: [], text: move, reason: 'because' })
const letter = (kind: string): NewLetter => ({
  kind,
  account: 0,
  about: undefined,
  to: 'tom@kestrel.example',
  subject: '[request {id}] hello',
  text: 'Your number is {id}.',
})

test('what was received on 31 January is due on 28 February', async () => {
  const id = await open()
  const request = await fixture.store.requests.get(id)
  expect(request).toMatchObject({ state: 'received', dueAt: Date.UTC(2026, 1, 28, 12), extended: false })
})

test('nothing is decided, carried out or answered before it is known who asks', async () => {
  const { requests } = fixture.store
  const id = await open()
  for (const move of ['decide', 'execute', 'finish', 'answer'] as const)
    expect(await requests.step(act(id), step(move)), move).toMatchObject({ ok: false })
  // also not by way of a forwarding, which needs no identity
  expect(await requests.step(act(id), { ...step('forward'), outcome: 'forwarded' })).toEqual({ ok: true })
  expect(await requests.step(act(id), step('decide'))).toEqual({
    ok: false,
    obstacle: `it is not known who asks: confirm the identity for request ${id} first`,
  })
  expect((await requests.get(id))!.state).toBe('answered')
  expect(await requests.confirm(act(id), 'passport seen')).toEqual({ ok: true })
  for (const move of ['decide', 'execute', 'finish', 'answer', 'settle'] as const)
    expect(await requests.step(act(id), step(move)), move).toEqual({ ok: true })
  expect(await requests.get(id)).toMatchObject({ state: 'closed', closedAt: time })
})

test('who asks is asked anew when the request turns out to be another’s', async () => {
  const { requests } = fixture.store
  const id = await open()
  await requests.confirm(act(id), 'passport seen')
  const change = { track: 'account', account: 1 } as const
  expect(await requests.change(act(id), change, 'it is an order')).toEqual({ ok: true })
  expect(await requests.get(id)).toMatchObject({ state: 'received', identity: undefined, account: 1 })
  expect(await requests.step(act(id), step('decide'))).toMatchObject({ ok: false })
})

test('how a request is read is fixed once it is decided', async () => {
  const { requests } = fixture.store
  const id = await open()
  await requests.confirm(act(id), 'passport seen')
  await requests.step(act(id), step('decide'))
  expect(await requests.change(act(id), { kind: 'access' }, 'oh')).toMatchObject({ ok: false })
  expect(await requests.change(act(id), { owner: 'bob@relay.example' }, 'mine')).toEqual({ ok: true })
})

test('a code counts for three tries and seven days, and one that is new ends the old', async () => {
  const { requests } = fixture.store
  const id = await open()
  const sent = { ...letter('code'), message: 1 }
  expect(await requests.tryCode(act(id), ['good'])).toBe('none')
  await requests.codeSent(act(id), 'good', sent)
  for (let tries = 0; tries < 3; tries++) expect(await requests.tryCode(act(id), ['bad'])).toBe('wrong')
  expect(await requests.tryCode(act(id), ['good'])).toBe('used up')
  await requests.codeSent(act(id), 'better', sent)
  expect(await requests.tryCode(act(id), ['good'])).toBe('wrong')
  fixture.time += 7 * DAY_MS + 1
  expect(await requests.tryCode(act(id), ['better'])).toBe('expired')
  await requests.codeSent(act(id), 'best', sent)
  expect(await requests.tryCode(act(id), ['worse', 'best'])).toBe('confirmed')
  expect(await requests.get(id)).toMatchObject({ state: 'identified', codeSentAt: undefined })
  expect(await requests.tryCode(act(id), ['best'])).toBe('none')
})

test('a code that was mailed to a contact which another has replaced since shows nothing', async () => {
  const { requests, directory } = fixture.store
  const [acme] = directory.accounts()
  const id = await open({ track: 'holder', account: acme!.id, kind: 'access', subject: 'ops@acme.example' })
  await requests.codeSent(act(id), 'old', { ...letter('code'), to: 'ops@acme.example', message: 1 })
  await directory.setAccountContact(acme!.id, 'post@acme.example')
  expect(await requests.tryCode(act(id), ['old'])).toBe('moved')
  const { state, events } = (await requests.get(id))!
  expect(state).toBe('received')
  expect(events.at(-1)).toMatchObject({ kind: 'identity', text: expect.stringContaining('mail a new one') as string })
  await requests.codeSent(act(id), 'new', { ...letter('code'), to: 'post@acme.example', message: 2 })
  expect(await requests.tryCode(act(id), ['old'])).toBe('wrong')
  expect(await requests.tryCode(act(id), ['new'])).toBe('confirmed')
})

test('one request of an address and kind is open at a time; what comes in besides is attached', async () => {
  const { requests } = fixture.store
  const id = await open()
  const again = given({ subject: 'tom@KESTREL.example', text: 'And the pictures.' })
  expect(await requests.open(again, ann, time)).toEqual({ kind: 'known', id })
  expect((await requests.get(id))!.events.at(-1)).toMatchObject({ kind: 'note', text: 'And the pictures.' })
  expect((await requests.open(given({ kind: 'access' }), ann, time)).kind).toBe('opened')
  expect((await requests.open(given({ subject: 'ann@kestrel.example' }), ann, time)).kind).toBe('opened')
  await requests.step(act(id), { ...step('close'), outcome: 'withdrawn' })
  expect((await requests.open(again, ann, time)).kind).toBe('opened')
})

test('an address is acknowledged once a day, with the number of the request', async () => {
  const { requests } = fixture.store
  const acknowledgement = letter('acknowledgement')
  const first = await open({ acknowledgement })
  expect(await requests.unsent()).toMatchObject([{ request: first, text: `Your number is ${first}.` }])
  await open({ kind: 'access', acknowledgement: { ...acknowledgement, to: 'TOM+x@kestrel.example' } })
  expect(await requests.unsent()).toHaveLength(1)
  fixture.time += DAY_MS
  const next = await open({ kind: 'objection', acknowledgement })
  expect((await requests.unsent()).map(({ request }) => request)).toEqual([first, next])
})

test('an extension is once, and before it is due', async () => {
  const { requests } = fixture.store
  const id = await open()
  expect(await requests.extend(act(id), letter('extension'), 'a lot of mail')).toEqual({ ok: true })
  expect(await requests.get(id)).toMatchObject({ extended: true, dueAt: Date.UTC(2026, 3, 28, 12) })
  expect(await requests.extend(act(id), letter('extension'), 'more')).toMatchObject({ ok: false })
  const late = await open({ kind: 'access' })
  fixture.time = Date.UTC(2026, 1, 28, 12, 0, 1)
  expect(await requests.extend(act(late), letter('extension'), 'late')).toMatchObject({ ok: false })
})

test('the list begins with the fewest days left, page after page; the counts say how many press', async () => {
  const { requests } = fixture.store
  const ids: number[] = []
  for (const days of [3, 20, 11, 40, 0])
    ids.push(await open({ subject: `p${days}@kestrel.example`, receivedAt: time - days * DAY_MS }))
  await requests.step(act(ids[2]!), { ...step('refuse'), outcome: 'refused' })
  const query = { limit: 2, cursor: undefined } as const
  const subjects: string[] = []
  let cursor: string | undefined
  do {
    const page = await requests.list({ ...query, state: 'all', cursor })
    subjects.push(...page.requests.map(({ subject }) => subject.slice(0, subject.indexOf('@'))))
    cursor = page.next
  } while (cursor !== undefined)
  expect(subjects).toEqual(['p40', 'p20', 'p3', 'p0', 'p11'])
  expect((await requests.list({ ...query, limit: 9, state: 'open' })).requests).toHaveLength(4)
  expect((await requests.list({ ...query, limit: 9, state: 'closed' })).requests).toHaveLength(1)
  expect(await requests.counts(time)).toEqual({ open: 4, dueSoon: 0, overdue: 1 })
  expect(await requests.counts(time + 5 * DAY_MS)).toEqual({ open: 4, dueSoon: 1, overdue: 1 })
})

test('the audit log has the number of the request, and never the address', async () => {
  const { requests, audit } = fixture.store
  const id = await open({ acknowledgement: letter('acknowledgement'), guess: 'a guess' })
  await requests.codeSent(act(id), 'good', { ...letter('code'), message: 1 })
  await requests.tryCode(act(id), ['good'])
  await requests.note(act(id), 'called tom@kestrel.example')
  for (const move of ['decide', 'execute', 'finish', 'answer', 'settle'] as const)
    await requests.step(act(id), { ...step(move), letters: move === 'answer' ? [letter('answer')] : [] })
  const { rows } = await audit.list({ action: 'requests' }, 50, undefined)
  expect(rows.map(({ action }) => action)).toEqual([
    ...['requests.settle', 'requests.answer', 'requests.finish', 'requests.execute', 'requests.decide'],
    ...['requests.note', 'requests.confirm', 'requests.sendCode', 'requests.open'],
  ])
  expect(new Set(rows.map(({ object }) => object))).toEqual(new Set([`request ${id}`]))
  expect(JSON.stringify(rows).toLowerCase()).not.toContain('kestrel')
})

test('a request that is forgotten has nothing of the person left', async () => {
  const { requests } = fixture.store
  const id = await open({ correction: `contact: ${person}`, guess: 'guessed from “delete”' })
  await requests.note(act(id), `wrote to ${person}`)
  await requests.confirm(act(id), `${person} showed a passport`)
  await requests.step(act(id), { ...step('refuse'), letters: [letter('refusal')], text: `unfounded: ${person}` })
  await requests.forget(act(id), '0123456789ab')
  const request = await requests.get(id)
  expect(request).toMatchObject({ subject: '0123456789ab', text: '', correction: '', erasedAt: time })
  expect(JSON.stringify(request).toLowerCase()).not.toContain('kestrel')
  expect(await requests.unsent()).toEqual([])
})

test('an address that differs in what follows a plus sign opens a request of its own', async () => {
  const id = await open({ subject: '+491111@kestrel.example' })
  const again = (subject: string) => fixture.store.requests.open(given({ subject }), ann, fixture.time)
  expect(await again('+491111@KESTREL.example')).toEqual({ kind: 'known', id })
  expect(await again('+492222@kestrel.example')).toMatchObject({ kind: 'opened' })
})
