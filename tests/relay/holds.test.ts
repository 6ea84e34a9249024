/** Legal holds and shortened accounts as people order them over the API. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let admin: Client
let email: string

beforeAll(async () => {
  relay = await startTestRelay()
  const person = await relay.person('admin')
  email = person.email
  admin = relay.bearer(person.token)
  await admin.accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
})
afterAll(() => relay.stop())

const reason = 'court order 7'

test('a hold names who placed it and why, and is released once, with a reason', async () => {
  const scope = { kind: 'account', account: 'acme' } as const
  const placed = await admin.retention.placeHold({ scope: { ...scope, account: 'ACME' }, reason })
  expect(placed).toMatchObject({ scope, reason, placedBy: email, releasedAt: null, headers: 0 })
  await expect(admin.retention.releaseHold({ id: placed.id, reason: ' ' })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  })
  const released = await admin.retention.releaseHold({ id: placed.id, reason: 'case closed' })
  expect(released).toMatchObject({ id: placed.id, releasedBy: email, releaseReason: 'case closed' })
  const again = admin.retention.releaseHold({ id: placed.id, reason })
  await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(admin.retention.releaseHold({ id: 99, reason })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await admin.retention.holds()).toEqual([released])
})

test('what cannot be held is refused, naming what to change', async () => {
  const refusals: [Parameters<typeof admin.retention.placeHold>[0]['scope'], string][] = [
    [{ kind: 'account', account: 'nobody' }, 'NOT_FOUND'],
    [{ kind: 'message', message: '00000000000' }, 'NOT_FOUND'],
    [{ kind: 'address', address: 'tom' }, 'REFUSED'],
    [{ kind: 'period', since: '2026-02-01T00:00:00Z', until: '2026-01-01T00:00:00Z' }, 'REFUSED'],
  ]
  for (const [scope, code] of refusals)
    await expect(admin.retention.placeHold({ scope, reason })).rejects.toMatchObject({ code })
})

test('an account is kept fewer days than the policy says, never more', async () => {
  const short = await admin.accounts.setKeepDays({ name: 'acme', days: 30, reason })
  expect(short).toMatchObject({ name: 'acme', keepDays: 30 })
  await admin.retention.setDays({ days: 60, reason })
  const more = admin.accounts.setKeepDays({ name: 'acme', days: 61, reason })
  await expect(more).rejects.toMatchObject({ code: 'REFUSED', message: /60 days/ })
  expect(await admin.accounts.setKeepDays({ name: 'acme', days: null, reason })).toMatchObject({ keepDays: null })
  const { rows } = await admin.audit.list({ action: 'accounts.setKeepDays' })
  expect(rows).toMatchObject([
    { actor: email, object: 'account acme', reason },
    { actor: email, object: 'account acme', reason },
  ])
  // what the account holder is told is what is done, also when the policy came to keep less than was ordered
  const { token } = await relay.person('member', 'acme')
  await admin.accounts.setKeepDays({ name: 'acme', days: 30, reason })
  await admin.retention.setDays({ days: 20, reason })
  expect(await relay.bearer(token).own.account()).toMatchObject({ keepDays: 20 })
})
