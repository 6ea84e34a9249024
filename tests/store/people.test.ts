/** What the store alone decides about people, also when many ask at once. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open()
})
afterEach(() => fixture.close())

const add = async (email: string, role: 'admin' | 'operator') =>
  (await fixture.store.users.add({ email, name: '', role, passwordHash: 'h' }))!

const entry = (action: string) => ({ at: 1, actor: 'x', action, object: '{id}', reason: '', details: {} })

async function written(action: string): Promise<number> {
  return (await fixture.store.audit.list({ action }, 100, undefined)).rows.length
}

test('of two admins who demote or remove each other at once, one stays', async () => {
  const { users } = fixture.store
  const ann = await add('ann@relay.example', 'admin')
  const bob = await add('bob@relay.example', 'admin')
  const outcomes = await Promise.all([
    users.setRole(ann.id, 'operator', entry('people.setRole')),
    users.remove(bob.id, entry('people.remove')),
    users.setRole(bob.id, 'member', entry('people.setRole')),
    users.remove(ann.id, entry('people.remove')),
  ])
  expect((await users.list()).filter(({ role }) => role === 'admin')).toHaveLength(1)
  expect((await written('people.setRole')) + (await written('people.remove'))).toBe(outcomes.filter(Boolean).length)
})

test('the last admin is neither demoted nor removed, whoever else there is', async () => {
  const { users } = fixture.store
  const ann = await add('ann@relay.example', 'admin')
  const bob = await add('bob@relay.example', 'operator')
  expect(await users.setRole(ann.id, 'auditor')).toBe(false)
  expect(await users.remove(ann.id)).toBe(false)
  expect(await users.setRole(ann.id, 'admin')).toBe(true)
  expect(await users.setRole(bob.id, 'admin')).toBe(true)
  expect(await users.setRole(ann.id, 'auditor')).toBe(true)
  expect(await users.setRole(999, 'auditor')).toBe(false)
})

const invitation = (email: string, tokenHash: string) => ({
  ...{ email, name: 'Kim', role: 'reviewer' as const, invitedBy: 'ann@relay.example' },
  ...{ createdAt: fixture.time, expiresAt: fixture.time + 1000, tokenHash },
})

test('an invitation makes one person, however many use it at once, and nobody once it has ended', async () => {
  const { users } = fixture.store
  await users.invite(invitation('kim@relay.example', 'a'))
  const accept = (tokenHash: string, now = fixture.time) =>
    users.accept({ tokenHash, name: 'Kim', passwordHash: 'h', now }, entry('session.accept'))
  const made = await Promise.all([accept('a'), accept('a'), accept('a')])
  expect(made.filter(Boolean)).toMatchObject([{ email: 'kim@relay.example', role: 'reviewer' }])
  expect(await written('session.accept')).toBe(1)
  expect(await users.invitations()).toEqual([])

  await users.invite(invitation('lee@relay.example', 'b'))
  expect(await accept('b', fixture.time + 1000)).toBeUndefined()
  expect(await users.invitation('b', fixture.time + 1000)).toBeUndefined()
  const { id } = await users.invite(invitation('LEE@relay.example', 'c'))
  expect(await accept('b')).toBeUndefined()
  expect(await users.revokeInvitation(id)).toBe(true)
  expect(await accept('c')).toBeUndefined()
  expect(await users.revokeInvitation(id)).toBe(false)
})

test('a code is taken once, also when it is given twice at once; none before it either', async () => {
  const { users } = fixture.store
  const { id: person } = await add('ann@relay.example', 'admin')
  expect(await users.takeStep(person, 5)).toBe(false)
  expect(await users.beginSecondFactor(person, new Uint8Array(20))).toBe(true)
  expect(await users.takeStep(person, 5)).toBe(false)
  const confirmed = { person, step: 5, at: 1, recoveryHashes: ['r1', 'r2'] }
  expect(await users.confirmSecondFactor(confirmed)).toBe(true)
  expect(await users.confirmSecondFactor(confirmed)).toBe(false)
  expect(await users.beginSecondFactor(person, new Uint8Array(20).fill(1))).toBe(false)
  expect(await users.takeStep(person, 5)).toBe(false)
  expect(await Promise.all([users.takeStep(person, 6), users.takeStep(person, 6)])).toEqual([true, false])
  expect(await users.takeStep(person, 4)).toBe(false)
  const both = [users.takeRecoveryCode(person, 'r1'), users.takeRecoveryCode(person, 'r1')]
  expect(await Promise.all(both)).toEqual([true, false])
  expect(await users.secondFactor(person)).toMatchObject({ confirmed: true, lastStep: 6, recoveryCodes: 1 })
})

test('all that lets a person in goes with the person', async () => {
  const { users } = fixture.store
  await add('ann@relay.example', 'admin')
  const { id: person } = await add('bob@relay.example', 'operator')
  const times = { createdAt: fixture.time, expiresAt: fixture.time + 1000 }
  await users.addSession({ tokenHash: 's', person, ...times, address: '192.0.2.7', kind: 'browser' })
  await users.addToken({ tokenHash: 't', person, name: 'backup', scope: 'read', ...times })
  await users.beginSecondFactor(person, new Uint8Array(20))
  await users.confirmSecondFactor({ person, step: 1, at: 1, recoveryHashes: ['r'] })
  expect(await users.bySession('s', fixture.time)).toMatchObject({ secondFactor: true, by: { kind: 'browser' } })
  expect(await users.byToken('t', fixture.time)).toMatchObject({ person: { id: person }, by: { scope: 'read' } })
  expect(await users.byToken('t', fixture.time + 1000)).toBeUndefined()
  await users.remove(person)
  expect(await users.bySession('s', fixture.time)).toBeUndefined()
  expect(await users.byToken('t', fixture.time)).toBeUndefined()
  expect(await users.secondFactor(person)).toBeUndefined()
})
