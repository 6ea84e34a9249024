/** When sessions and tokens end, and how often their use is written down, by the clock. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { User } from '../../src/model/user.ts'
import { createSessions, hashToken, newApiToken, type Sessions } from '../../src/relay/auth/sessions.ts'
import { StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
let sessions: Sessions
let ann: User

beforeEach(async () => {
  fixture = await StoreFixture.open()
  sessions = createSessions(fixture.store.users, { now: () => fixture.time })
  ann = (await fixture.store.users.add({ email: 'ann@relay.example', name: '', role: 'admin', passwordHash: 'h' }))!
})
afterEach(() => fixture.close())

test('a session ends after 7 days to the millisecond, however often it is used', async () => {
  const { token } = await sessions.open(ann, { address: '192.0.2.7', kind: 'browser' })
  fixture.time += 7 * 86_400_000 - 1
  expect(await sessions.find(token)).toMatchObject({ person: { id: ann.id } })
  fixture.time += 1
  expect(await sessions.find(token)).toBeUndefined()
  expect(await fixture.store.users.sessions(ann.id, fixture.time)).toEqual([])
})

test('that a session was used is written at most once a minute', async () => {
  const { token } = await sessions.open(ann, { address: '192.0.2.7', kind: 'browser' })
  const opened = fixture.time
  const seen = async () => (await fixture.store.users.sessions(ann.id, fixture.time))[0]!.seenAt
  fixture.time += 59_999
  await sessions.find(token)
  // written in order: this one after what the look may have left to write
  await fixture.store.settings.set('a', 1)
  expect(await seen()).toBe(opened)
  fixture.time += 1
  await sessions.find(token)
  await fixture.store.settings.set('a', 2)
  expect(await seen()).toBe(opened + 60_000)
})

test('a token ends with its time, and is no session, nor is a session a token', async () => {
  const secret = newApiToken()
  const times = { createdAt: fixture.time, expiresAt: fixture.time + 86_400_000 }
  const token = { person: ann.id, name: 'n', scope: 'read' as const, ...times }
  await fixture.store.users.addToken({ ...token, tokenHash: hashToken(secret) })
  const session = await sessions.open(ann, { address: '192.0.2.7', kind: 'browser' })
  expect(await sessions.find(secret)).toBeUndefined()
  expect(await sessions.findApiToken(session.token)).toBeUndefined()
  fixture.time += 86_399_999
  expect(await sessions.findApiToken(secret)).toMatchObject({ by: { scope: 'read' } })
  await fixture.store.settings.set('a', 1)
  expect(await fixture.store.users.tokens(ann.id)).toMatchObject([{ usedAt: fixture.time }])
  fixture.time += 1
  expect(await sessions.findApiToken(secret)).toBeUndefined()
})
