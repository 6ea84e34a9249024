/** Invitations, passwords, the second factor, sessions and lock-outs, over the doors people come in by. */

import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink } from '@orpc/client/websocket'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { codeOf, stepAt } from '../../src/base/totp.ts'
import type { Role } from '../../src/model/user.ts'
import type { RelayPort } from '../../src/relay/http/messagePort.ts'
import { type Client, clientOver, password, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let admin: Client
let adminToken: string

beforeAll(async () => {
  relay = await startTestRelay()
  adminToken = (await relay.person('admin')).token
  admin = relay.bearer(adminToken)
})
afterAll(() => relay.stop())

const anybody = () => clientOver(relay.url, {})
const another = 'a wholly different one'

async function person(role: Role) {
  const { email, token } = await relay.person(role)
  const client = relay.bearer(token)
  return { email, token, client, id: (await client.session.state()).person!.id }
}

/** What the audit log says of an action, newest first. */
async function said(action: string) {
  return (await admin.audit.list({ action, limit: 20 })).rows
}

describe('an invitation', () => {
  const invite = (email: string) => admin.users.invite({ email, role: 'reviewer' })

  test('makes a person with a password of their own, once', async () => {
    const { token, link, invitation } = await invite('kim@relay.example')
    expect(link).toBe(`${relay.url}/#/join?token=${token}`)
    expect(Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt)).toBe(7 * 86_400_000)
    expect(await anybody().session.invitation({ token })).toMatchObject({
      email: 'kim@relay.example',
      role: 'reviewer',
    })
    const opened = await anybody().session.accept({ token, name: 'Kim', password })
    expect(opened.person).toMatchObject({ email: 'kim@relay.example', name: 'Kim', role: 'reviewer' })
    expect((await relay.bearer(opened.token).session.state()).person).toEqual(opened.person)
    await expect(anybody().session.accept({ token, name: 'Eve', password })).rejects.toMatchObject({ code: 'REFUSED' })
    await expect(invite('KIM@relay.example')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await said('session.accept'))[0]).toMatchObject({ actor: 'kim@relay.example' })
  })

  test('opens nothing once it is taken back, or followed by another', async () => {
    const first = await invite('lee@relay.example')
    const second = await invite('lee@relay.example')
    await expect(anybody().session.invitation({ token: first.token })).rejects.toMatchObject({ code: 'REFUSED' })
    expect(await admin.users.invitations()).toMatchObject([{ email: 'lee@relay.example', expired: false }])
    await admin.users.revokeInvitation({ id: second.invitation.id })
    const accepted = anybody().session.accept({ token: second.token, name: 'Lee', password })
    await expect(accepted).rejects.toMatchObject({ code: 'REFUSED' })
  })
})

describe('a password', () => {
  test('is neither short, nor the address, nor one character again and again', async () => {
    const { token } = await admin.users.invite({ email: 'long.enough@relay.example', role: 'auditor' })
    const accept = (given: string) => anybody().session.accept({ token, name: 'x', password: given })
    await expect(accept('eleven char')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(accept('Long.Enough@relay.example')).rejects.toMatchObject({ code: 'REFUSED' })
    await expect(accept('z'.repeat(30))).rejects.toMatchObject({ code: 'REFUSED' })
    await accept(another)
  })

  test('is changed by its owner, who knows the old one, and ends the other sessions', async () => {
    const { email, client: before } = await person('operator')
    const logIn = async () => relay.bearer((await anybody().session.login({ email, password })).token)
    const client = await logIn()
    const after = await logIn()
    await expect(client.users.setPassword({ old: 'wrong password', password: another })).rejects.toMatchObject({
      code: 'REFUSED',
    })
    await client.users.setPassword({ old: password, password: another })
    for (const other of [before, after]) expect((await other.session.state()).person).toBeNull()
    expect((await client.session.state()).person).toMatchObject({ email })
    await expect(anybody().session.login({ email, password })).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await anybody().session.login({ email, password: another })
    await expect(relay.local.users.setPassword({ old: password, password: another })).rejects.toMatchObject({
      code: 'REFUSED',
    })
  })
})

describe('a role', () => {
  test('counts from the next call on; the last admin stays one', async () => {
    const { client, id } = await person('operator')
    await client.messages.list({})
    await admin.users.setRole({ id, role: 'auditor' })
    await expect(client.messages.list({})).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const own = (await admin.session.state()).person!.id
    await expect(admin.users.setRole({ id: own, role: 'auditor' })).rejects.toMatchObject({ code: 'REFUSED' })
    await expect(admin.users.remove({ id: own })).rejects.toMatchObject({ code: 'REFUSED' })
    expect((await said('people.setRole'))[0]).toMatchObject({ details: { from: 'operator', to: 'auditor' } })
  })
})

/** The bytes of a key in base32, read independently of how it is written. */
function bytesOf(key: string): Buffer {
  const bits = [...key].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** Sets a second factor up. Returns the code of the next step and the recovery codes. */
async function setUp(client: Client) {
  const secret = bytesOf((await client.session.totpBegin()).secret)
  const step = stepAt(Date.now())
  const { recoveryCodes } = await client.session.totpConfirm({ code: codeOf(secret, step) })
  return { used: codeOf(secret, step), next: codeOf(secret, step + 1), recoveryCodes }
}

describe('a second factor', () => {
  test('is asked for at the login; a code is good once, a recovery code too', async () => {
    const { email, client } = await person('operator')
    await expect(client.session.totpConfirm({ code: '123456' })).rejects.toMatchObject({ code: 'REFUSED' })
    const { used, next, recoveryCodes } = await setUp(client)
    expect(recoveryCodes).toHaveLength(10)
    await expect(client.session.totpBegin()).rejects.toMatchObject({ code: 'CONFLICT' })
    const login = (code?: string) => anybody().session.login({ email, password, code })
    const asks = { code: 'REFUSED', data: { needs: 'code' } }
    const wrong = { code: 'UNAUTHORIZED', data: { needs: 'code' } }
    await expect(login()).rejects.toMatchObject(asks)
    await expect(login(used)).rejects.toMatchObject(wrong)
    await login(` ${next.slice(0, 3)} ${next.slice(3)} `)
    await expect(login(next)).rejects.toMatchObject(wrong)
    await login(recoveryCodes[0]!.toUpperCase())
    await expect(login(recoveryCodes[0])).rejects.toMatchObject(wrong)
    expect(await client.session.totp()).toMatchObject({ on: true, recoveryCodes: 9 })
    expect((await said('session.code-failed')).length).toBe(3)
    expect((await said('session.login'))[0]).toMatchObject({ details: { secondFactor: 'recovery code' } })

    const end = (given: string, code: string) => client.session.totpEnd({ password: given, code })
    await expect(end('wrong password', recoveryCodes[1]!)).rejects.toMatchObject({ code: 'REFUSED' })
    await expect(end(password, next)).rejects.toMatchObject({ code: 'REFUSED' })
    await end(password, recoveryCodes[1]!)
    await login()
  })

  test('of somebody who has lost it is reset by an admin, with a reason; the next login tells them, once', async () => {
    const { email, client, id } = await person('operator')
    const reason = 'the telephone was stolen; called back'
    const reset = () => admin.users.resetSecondFactor({ id, reason })
    await expect(reset()).rejects.toMatchObject({ code: 'CONFLICT' })
    const { recoveryCodes } = await setUp(client)
    await expect(client.users.resetSecondFactor({ id, reason })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await reset()
    await expect(client.status.get()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    const login = (code?: string) => anybody().session.login({ email, password, code })
    const by = (await admin.session.state()).person!.email
    expect(await login()).toMatchObject({ secondFactorReset: { by, at: expect.any(String) } })
    const { token, secondFactorReset } = await login(recoveryCodes[0])
    expect(secondFactorReset).toBeNull()
    expect(await relay.bearer(token).session.totp()).toMatchObject({ on: false, recoveryCodes: 0 })
    expect((await said('people.resetSecondFactor'))[0]).toMatchObject({ object: `person ${id}`, reason })
  })

  test('of oneself is ended with a code; the owner of the data folder helps the last admin', async () => {
    const own = (await admin.session.state()).person!
    await setUp(admin)
    const reset = { id: own.id, reason: 'the telephone fell into the lake' }
    await expect(admin.users.resetSecondFactor(reset)).rejects.toMatchObject({ code: 'REFUSED' })
    await relay.local.users.resetSecondFactor(reset)
    const back = await anybody().session.login({ email: own.email, password })
    expect(back.secondFactorReset).toMatchObject({ by: 'local' })
    adminToken = back.token
    admin = relay.bearer(adminToken)
    expect(await admin.session.state()).toMatchObject({ person: { role: 'admin' } })
  })

  test('wrong codes are slowed as wrong passwords are; being asked for one costs nothing and makes up for nothing', async () => {
    const { email, client } = await person('operator')
    await setUp(client)
    const login = (code?: string) => anybody().session.login({ email, password, code })
    for (let i = 0; i < 5; i++) {
      await expect(login()).rejects.toMatchObject({ code: 'REFUSED' })
      await expect(login('000000')).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    }
    await expect(login()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  })

  test('where it is required, nothing else is possible before', async () => {
    const { client, token } = await person('operator')
    const script = await client.users.addToken({ name: 'n', scope: 'read', days: 1 })
    const ready = await setUp(admin)
    await admin.users.setPolicy({ totp: 'required' })
    try {
      const needs = { code: 'FORBIDDEN', data: { needs: 'second factor' } }
      await expect(client.status.get()).rejects.toMatchObject(needs)
      await expect(client.users.addToken({ name: 'n', scope: 'read', days: 1 })).rejects.toMatchObject(needs)
      await expect(relay.bearer(script.secret).status.get()).rejects.toMatchObject(needs)
      expect(await client.session.state()).toMatchObject({ mustSetUp: true })
      expect(await client.session.sessions()).toMatchObject([{ current: true }])
      await setUp(client)
      expect(await client.session.state()).toMatchObject({ mustSetUp: false })
      await client.status.get()
      await relay.bearer(script.secret).status.get()
      await relay.restart()
      admin = relay.bearer(adminToken)
      expect(await admin.users.policy()).toEqual({ totp: 'required' })
      expect((await relay.bearer(token).session.state()).mustSetUp).toBe(false)
    } finally {
      await relay.local.users.setPolicy({ totp: 'optional' })
    }
    await admin.session.totpEnd({ password, code: ready.recoveryCodes[0]! })
    expect(await said('people.setPolicy')).toHaveLength(2)
  })
})

describe('sessions', () => {
  test('are listed with where they are, ended by their owner or an admin, and by nobody else', async () => {
    const { email, client, id } = await person('operator')
    const other = relay.bearer((await anybody().session.login({ email, password })).token)
    const [newest, oldest] = (await client.session.sessions()).toSorted((a, b) => b.id - a.id)
    expect(newest).toMatchObject({ current: false, kind: 'token', address: '127.0.0.1' })
    expect(oldest).toMatchObject({ current: true })
    const stranger = (await person('operator')).client
    await expect(stranger.session.endSession({ id: newest!.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await client.session.endSession({ id: newest!.id })
    expect((await other.session.state()).person).toBeNull()
    expect(await admin.users.sessions({ id })).toMatchObject([{ id: oldest!.id, current: false }])
    await admin.users.endSession({ id, session: oldest!.id })
    expect((await client.session.state()).person).toBeNull()
    await expect(admin.users.endSession({ id, session: oldest!.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('a lock-out is in the log with who and from where, is seen, and is lifted by an admin', async () => {
  const { email, id } = await person('operator')
  const login = (given: string) => anybody().session.login({ email, password: given })
  for (let i = 0; i < 5; i++) await expect(login('wrong password')).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  await expect(login(password)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  expect((await said('session.locked-out'))[0]).toMatchObject({
    object: `person ${id}`,
    details: { address: '127.0.0.1', seconds: expect.any(Number) },
  })
  const found = async () => (await admin.users.list()).find((each) => each.id === id)
  expect(await found()).toMatchObject({ lockedUntil: expect.any(String) })
  await admin.users.unlock({ id })
  expect(await found()).toMatchObject({ lockedUntil: null })
  await login(password)
  expect((await said('people.unlock'))[0]).toMatchObject({ object: `person ${id}` })
})

test('two people with different roles at once, one in the desktop, one in a browser', async () => {
  const reviewer = await relay.person('reviewer')
  const operator = await relay.person('operator')
  const { port1, port2 } = new MessageChannel()
  const remembered: (string | undefined)[] = []
  relay.relay.openPort(port1 as unknown as RelayPort, {
    session: undefined,
    remember: (session) => void remembered.push(session),
  })
  const desktop: Client = createORPCClient(new PortLink({ port: port2 as unknown as MessagePort }))
  port2.start()
  const socket = new WebSocket(`${relay.url.replace('http', 'ws')}/rpc`, ['mailward'], { origin: relay.url })
  await once(socket, 'open')
  const browser: Client = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
  try {
    await desktop.session.login({ email: reviewer.email, password })
    await browser.session.login({ email: operator.email, password })
    const counts = { by: 'destination' } as const
    const outcomes = await Promise.allSettled([
      desktop.cases.list({}),
      browser.queue.summary(counts),
      desktop.queue.summary(counts),
      browser.cases.list({}),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected'])
    const kind = async (client: Client) => (await client.session.sessions()).find(({ current }) => current)
    expect(await kind(desktop)).toMatchObject({ kind: 'desktop', address: 'desktop' })
    expect(await kind(browser)).toMatchObject({ kind: 'browser', address: '127.0.0.1' })
    await browser.session.logout()
    await desktop.cases.list({})
    expect(remembered).toEqual([expect.stringMatching(/^[\w-]{43}$/)])
  } finally {
    port2.close()
    socket.terminate()
  }
})
