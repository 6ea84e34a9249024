/** What the store alone decides about people, also when many ask at once. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open()
})
afterEach(() => fixture.close())

const add = async (email: string, role: 'admin' | 'operator') =>
  (await fixture.store.people.add({ email, name: '', role, passwordHash: 'h' }))!

const entry = (action: string) => ({ at: 1, actor: 'x', action, object: '{id}', reason: '', details: {} })

async function written(action: string): Promise<number> {
  return (await fixture.store.audit.list({ action }, 100, undefined)).rows.length
}

test('of two admins who demote or remove each other at once, one stays', async () => {
  const { people } = fixture.store
  const ann = await add('ann@relay.example', 'admin')
  const bob = await add('bob@relay.example', 'admin')
  const outcomes = await Promise.all([
    people.setRole(ann.id, 'operator', entry('people.setRole')),
    people.remove(bob.id, entry('people.remove')),
    people.setRole(bob.id, 'member', entry('people.setRole')),
    people.remove(ann.id, entry('people.remove')),
  ])
  expect((await people.list()).filter(({ role }) => role === 'admin')).toHaveLength(1)
  expect((await written('people.setRole')) + (await written('people.remove'))).toBe(outcomes.filter(Boolean).length)
})

test('the last admin is neither demoted nor removed, whoever else there is', async () => {
  const { people } = fixture.store
  const ann = await add('ann@relay.example', 'admin')
  const bob = await add('bob@relay.example', 'operator')
  expect(await people.setRole(ann.id, 'auditor')).toBe(false)
  expect(await people.remove(ann.id)).toBe(false)
  expect(await people.setRole(ann.id, 'admin')).toBe(true)
  expect(await people.setRole(bob.id, 'admin')).toBe(true)
  expect(await people.setRole(ann.id, 'auditor')).toBe(true)
  expect(await people.setRole(999, 'auditor')).toBe(false)
})

const invitation = (email: string, tokenHash: string) => ({
  ...{ email, name: 'Kim', role: 'reviewer' as const, invitedBy: 'ann@relay.example' },
  ...{ createdAt: fixture.time, expiresAt: fixture.time + 1000, tokenHash },
})

test('an invitation makes one person, however many use it at once, and nobody once it has ended', async () => {
  const { people } = fixture.store
  await people.invite(invitation('kim@relay.example', 'a'))
  const accept = (tokenHash: string, now = fixture.time) =>
    people.accept({ tokenHash, name: 'Kim', passwordHash: 'h', now }, entry('session.accept'))
  const made = await Promise.all([accept('a'), accept('a'), accept('a')])
  expect(made.filter(Boolean)).toMatchObject([{ email: 'kim@relay.example', role: 'reviewer' }])
  expect(await written('session.accept')).toBe(1)
  expect(await people.invitations()).toEqual([])

  await people.invite(invitation('lee@relay.example', 'b'))
  expect(await accept('b', fixture.time + 1000)).toBeUndefined()
  expect(await people.invitation('b', fixture.time + 1000)).toBeUndefined()
  const { id } = await people.invite(invitation('LEE@relay.example', 'c'))
  expect(await accept('b')).toBeUndefined()
  expect(await people.revokeInvitation(id)).toBe(true)
  expect(await accept('c')).toBeUndefined()
  expect(await people.revokeInvitation(id)).toBe(false)
})

test('a code is taken once, also when it is given twice at once; none before it either', async () => {
  const { people } = fixture.store
  const { id: person } = await add('ann@relay.example', 'admin')
  expect(await people.takeStep(person, 5)).toBe(false)
  expect(await people.beginSecondFactor(person, new Uint8Array(20))).toBe(true)
  expect(await people.takeStep(person, 5)).toBe(false)
  const confirmed = { person, step: 5, at: 1, recoveryHashes: ['r1', 'r2'] }
  expect(await people.confirmSecondFactor(confirmed)).toBe(true)
  expect(await people.confirmSecondFactor(confirmed)).toBe(false)
  expect(await people.beginSecondFactor(person, new Uint8Array(20).fill(1))).toBe(false)
  expect(await people.takeStep(person, 5)).toBe(false)
  expect(await Promise.all([people.takeStep(person, 6), people.takeStep(person, 6)])).toEqual([true, false])
  expect(await people.takeStep(person, 4)).toBe(false)
  const both = [people.takeRecoveryCode(person, 'r1'), people.takeRecoveryCode(person, 'r1')]
  expect(await Promise.all(both)).toEqual([true, false])
  expect(await people.secondFactor(person)).toMatchObject({ confirmed: true, lastStep: 6, recoveryCodes: 1 })
})

test('all that lets a person in goes with the person', async () => {
  const { people } = fixture.store
  await add('ann@relay.example', 'admin')
  const { id: person } = await add('bob@relay.example', 'operator')
  const times = { createdAt: fixture.time, expiresAt: fixture.time + 1000 }
  await people.addSession({ tokenHash: 's', person, ...times, address: '192.0.2.7', kind: 'browser' })
  await people.addToken({ tokenHash: 't', person, name: 'backup', scope: 'read', ...times })
  await people.beginSecondFactor(person, new Uint8Array(20))
  await people.confirmSecondFactor({ person, step: 1, at: 1, recoveryHashes: ['r'] })
  expect(await people.bySession('s', fixture.time)).toMatchObject({ secondFactor: true, by: { kind: 'browser' } })
  expect(await people.byToken('t', fixture.time)).toMatchObject({ person: { id: person }, by: { scope: 'read' } })
  expect(await people.byToken('t', fixture.time + 1000)).toBeUndefined()
  await people.remove(person)
  expect(await people.bySession('s', fixture.time)).toBeUndefined()
  expect(await people.byToken('t', fixture.time)).toBeUndefined()
  expect(await people.secondFactor(person)).toBeUndefined()
})
