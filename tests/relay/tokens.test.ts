/** API tokens: every call of the contract against each scope, and every door they do not open. */

import { once } from 'node:events'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { authorities, contract } from '../../src/contract/index.ts'
import { type Client, callRaw, startTestRelay, type TestRelay } from './support.ts'

/** Calls that change nothing, written down a second time. */
const reads = new Set(
  [
    'session.state status.get status.watch messages.list messages.get messages.tail queue.summary queue.list',
    'queue.preview accounts.list accounts.get accounts.figures routes.list samples.list trust.get trust.thresholds',
    'trust.complaints signals.list signals.get signals.thresholds signals.simulate signals.scoring signals.traps',
    'signals.desk retention.overview retention.plan retention.receipts retention.holds audit.list audit.rows',
    'audit.verify audit.replayDraws audit.checkpoints keys.sealKey keys.backups cases.desk cases.list cases.get',
    'cases.previewAction cases.reasons requests.list requests.get requests.preview requests.previewForward',
    'requests.previewAnswer requests.policy legalRequests.list policy.versions policy.get policy.previewNotice',
    'policy.sharing policy.consents policy.publicUrl',
  ].flatMap((line) => line.split(' ')),
)
/** Calls no token may make, and those of account holders, which an admin may not. */
const never = new Set(
  'legalRequests.approve legalRequests.export requests.readExport requests.reviewExport requests.handOver'.split(' '),
)
const isNever = (call: string) =>
  never.has(call) || (/^(users|openings|session|own)\./.test(call) && call !== 'session.state')

const calls = Object.entries(contract).flatMap(([feature, procedures]) =>
  Object.keys(procedures).map((name) => `${feature}.${name}`),
)

let relay: TestRelay
let admin: string
let read: string
let full: string

beforeAll(async () => {
  relay = await startTestRelay()
  admin = (await relay.person('admin')).token
  const make = async (scope: 'read' | 'full') =>
    (await relay.bearer(admin).users.addToken({ name: scope, scope, days: 1 })).secret
  read = await make('read')
  full = await make('full')
})
afterAll(() => relay.stop())

test('the table of uses has every call of the contract and no other', () => {
  expect([...authorities.keys()].toSorted()).toEqual(calls.toSorted())
})

describe('of an admin, a token', () => {
  test.each(calls)('%s', async (call) => {
    const status = async (token: string) =>
      (await callRaw(relay.url, call, { authorization: `Bearer ${token}` })).status
    if (isNever(call)) expect([await status(read), await status(full)]).toEqual([403, 403])
    else {
      expect([401, 403]).not.toContain(await status(full))
      if (reads.has(call)) expect([401, 403]).not.toContain(await status(read))
      else expect(await status(read)).toBe(403)
    }
  })
})

test('its secret is shown once, and it is listed with its last use', async () => {
  expect(read).toMatch(/^mw_[\w-]{43}$/)
  await relay.bearer(read).status.get()
  await expect
    .poll(() => relay.bearer(admin).users.tokens({}))
    .toMatchObject([{ name: 'read', scope: 'read', expired: false, usedAt: expect.any(String) }, { name: 'full' }])
  expect(JSON.stringify(await relay.bearer(admin).users.tokens({}))).not.toContain(read.slice(3))
})

test('the role of its person is asked at each call, and it goes with the person', async () => {
  const { token, email } = await relay.person('operator')
  const { secret } = await relay.bearer(token).users.addToken({ name: 'n', scope: 'full', days: 1 })
  const { id } = (await relay.bearer(secret).session.state()).person!
  await relay.bearer(secret).queue.summary({ by: 'destination' })
  await expect(relay.bearer(secret).audit.list({})).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await relay.local.users.setRole({ id, role: 'auditor' })
  await relay.bearer(secret).audit.list({})
  await expect(relay.bearer(secret).queue.summary({ by: 'destination' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await relay.local.users.tokens({ email })).toHaveLength(1)
  await relay.local.users.remove({ id })
  await expect(relay.bearer(secret).status.get()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
})

test('taken back, it opens nothing; nobody takes back that of another', async () => {
  const { token } = await relay.person('operator')
  const other = relay.bearer((await relay.person('admin')).token)
  const made = await relay.bearer(token).users.addToken({ name: 'n', scope: 'read', days: 1 })
  const { id } = made.token
  await expect(other.users.revokeToken({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await relay.bearer(token).users.revokeToken({ id })
  await expect(relay.bearer(made.secret).status.get()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
})

test('is for scripts only: no cookie and no WebSocket, but the API', async () => {
  const cookie = `mailward_session=${full}`
  const kept = await fetch(`${relay.url}/session`, {
    method: 'POST',
    headers: { origin: relay.url, 'content-type': 'application/json' },
    body: JSON.stringify({ token: full }),
  })
  expect(kept.status).toBe(401)
  expect((await callRaw(relay.url, 'status.get', { origin: relay.url, cookie })).status).toBe(401)
  const socket = new WebSocket(`${relay.url.replace('http', 'ws')}/rpc`, ['mailward', `mailward.bearer.${full}`], {
    headers: { origin: 'mailward://console' },
  })
  await once(socket, 'open')
  const over: Client = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
  await expect(over.status.get()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  socket.terminate()
  const api = await fetch(`${relay.url}/api/accounts`, { headers: { authorization: `Bearer ${full}` } })
  expect(api.status).toBe(200)
})

test('ends after its days, at most a year of them', async () => {
  const client = relay.bearer(admin)
  for (const days of [0, 366])
    await expect(client.users.addToken({ name: 'n', scope: 'read', days })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  const { token } = await client.users.addToken({ name: 'year', scope: 'read', days: 365 })
  expect(Date.parse(token.expiresAt) - Date.parse(token.createdAt)).toBe(365 * 86_400_000)
})
