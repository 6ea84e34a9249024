/**
 * An account holder sees the own account and nothing of anybody else: every call of the contract, with every id of
 * another account, over HTTP, by API token and over WebSocket.
 */

import { once } from 'node:events'
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { contract } from '../../src/contract/index.ts'
import type { RequestDetail } from '../../src/contract/requests.ts'
import { type Client, callRaw, clientOver, password, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let admin: Client
const sockets: WebSocket[] = []

/** One account holder, by each way in. */
interface Holder {
  email: string
  http: Client
  token: Client
  socket: Client
  /** headers of a request over HTTP */
  headers: Record<string, string>
}

let acme: Holder
let bravo: Holder
/** ids of what belongs to bravo */
let theirs: { message: string; request: number; order: number }
let mine: { message: string; request: number }

const ways = ['http', 'token', 'socket'] as const
/** Words that stand for bravo, wherever they occur. */
const traces = ['bravo', 'quince', 'third.person', 'staff-only']

function untouched(answer: unknown): void {
  const text = JSON.stringify(answer).toLowerCase()
  for (const trace of traces) expect(text).not.toContain(trace)
}

/** What a refused call said, whole, without the ids that were asked for. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (problem: unknown) => problem,
  )
  if (!(error instanceof ORPCError)) throw new Error('the call was not refused')
  const { code, status, message, data } = error
  return JSON.stringify({ code, status, message, data }).replace(/\b(message|request|package) [0-9A-Za-z]+/g, '$1 ID')
}

async function socketOver(token: string): Promise<Client> {
  const socket = new WebSocket(`${relay.url.replace('http', 'ws')}/rpc`, ['mailward', `mailward.bearer.${token}`])
  sockets.push(socket)
  await once(socket, 'open')
  return createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
}

async function holder(account: string): Promise<Holder> {
  const { email, token } = await relay.person('member', account)
  const http = relay.bearer(token)
  const { secret } = await http.users.addToken({ name: 'script', scope: 'full', days: 1 })
  const socket = await socketOver(token)
  return { email, http, token: relay.bearer(secret), socket, headers: { authorization: `Bearer ${token}` } }
}

async function send(account: string, to: string, subject: string): Promise<void> {
  const listener = relay.relay.listeners.find(({ kind }) => kind === 'smtp')!
  const transport = createTransport({
    host: '127.0.0.1',
    port: listener.port,
    tls: { rejectUnauthorized: false },
    auth: { user: account, pass: password },
  })
  await transport.sendMail({ from: `news@${account}.example`, to, subject, text: 'Good day.' })
  transport.close()
}

beforeAll(async () => {
  relay = await startTestRelay()
  admin = relay.bearer((await relay.person('admin')).token)
  for (const name of ['acme', 'bravo']) {
    await admin.accounts.add({ name, contact: `ops@${name}.example`, domains: [`${name}.example`] })
    await admin.accounts.addCredential({ account: name, kind: 'password', password })
  }
  await send('acme', 'tom@kestrel.example', 'Invoice for March')
  await send('bravo', 'third.person@quince.example', 'Quince offer')
  acme = await holder('acme')
  bravo = await holder('bravo')
  const messageOf = async (who: Holder) => (await who.http.own.messages({})).items[0]!.id
  const request = await bravo.http.own.openRequest({ kind: 'access', text: 'bravo asks' })
  const order = await bravo.http.own.openRequest({ kind: 'deletion', subject: 'third.person@quince.example' })
  theirs = { message: await messageOf(bravo), request: request.id, order: order.id }
  const own = await acme.http.own.openRequest({ kind: 'access', text: 'please' })
  mine = { message: await messageOf(acme), request: own.id }
})
afterAll(async () => {
  for (const socket of sockets) socket.terminate()
  await relay.stop()
})

const calls = Object.entries(contract).flatMap(([feature, procedures]) =>
  Object.keys(procedures).map((name) => `${feature}.${name}`),
)
/** What everybody has besides: who one is, and how one comes in. */
const personal = new Set(['users.setPassword', 'users.tokens', 'users.addToken', 'users.revokeToken'])
const staff = calls.filter((call) => !/^(session|own)\./.test(call) && !personal.has(call))

describe.each(ways)('over %s', (way) => {
  const client = () => acme[way]

  test('no call of the staff is answered', async () => {
    for (const call of staff) {
      const [feature, name] = call.split('.') as [string, string]
      // the inputs do not matter: who may call is looked at first
      const tree = client() as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
      const said = await refusal(tree[feature]![name]!({}))
      expect(said, call).toContain('"FORBIDDEN"')
      untouched(said)
    }
  })

  test('the log is the own one, whatever the filter says', async () => {
    const { items } = await client().own.messages({})
    expect(items.map(({ subject }) => subject)).toEqual(['Invoice for March'])
    const filters: Record<string, unknown>[] = [
      { account: 'bravo' },
      { from: '@bravo.example' },
      { to: 'third.person@quince.example' },
      { text: 'quince' },
      { id: theirs.message },
      { account: 'bravo', id: theirs.message },
    ]
    for (const filter of filters) {
      const page = await client().own.messages({ filter: filter as never, limit: 1000 })
      untouched(page)
      expect(page.items.every(({ account }) => account === 'acme')).toBe(true)
    }
  })

  test('a message of another account is answered like none', async () => {
    expect((await client().own.message({ id: mine.message })).subject).toBe('Invoice for March')
    const other = await refusal(client().own.message({ id: theirs.message }))
    expect(other).toBe(await refusal(client().own.message({ id: '3zzzzzzzzz' })))
    expect(other).toContain('"NOT_FOUND"')
  })

  test('a request of another account is answered like none, whatever is asked of it', async () => {
    untouched(await client().own.requests())
    expect((await client().own.requests()).map(({ id }) => id)).toEqual([mine.request])
    expect(await client().own.request({ id: mine.request })).toMatchObject({ kind: 'access', text: 'please' })
    for (const id of [theirs.request, theirs.order]) {
      for (const ask of [
        (given: number) => client().own.request({ id: given }),
        (given: number) => client().own.withdrawRequest({ id: given }),
        (given: number) => client().own.openRequest({ kind: 'deletion', subject: 'a@b.example', parent: given }),
      ]) {
        const said = await refusal(ask(id))
        expect(said).toBe(await refusal(ask(987_654)))
        expect(said).toContain('"NOT_FOUND"')
      }
    }
  })

  test('the account, its report, and consents are the own ones', async () => {
    const own = client().own
    expect(await own.account()).toMatchObject({ name: 'acme', contact: 'ops@acme.example' })
    for (const answer of [await own.account(), await own.report(), await own.consents()]) untouched(answer)
    expect(JSON.stringify(await own.account())).not.toContain('secret')
  })
})

test('the way of REST is bound to the own account as well', async () => {
  const get = async (path: string) => {
    const response = await fetch(`${relay.url}/api${path}`, { headers: acme.headers })
    return { status: response.status, body: await response.text() }
  }
  for (const path of ['/messages', '/accounts', '/accounts/bravo', '/requests', '/users', '/status', '/queue'])
    expect((await get(path)).status, path).toBe(403)
  expect((await get(`/portal/messages/${theirs.message}`)).status).toBe(404)
  expect((await get(`/portal/requests/${theirs.request}`)).status).toBe(404)
  const listed = await get('/portal/messages?filter[account]=bravo')
  untouched(listed.body)
})

test('an API token of a member reads, and one that only reads changes nothing', async () => {
  const { secret } = await acme.http.users.addToken({ name: 'reader', scope: 'read', days: 1 })
  const reader = relay.bearer(secret)
  expect((await reader.own.messages({})).items).toHaveLength(1)
  await expect(reader.own.openRequest({ kind: 'access' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(reader.own.requestTrust({ reason: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

describe('the account of a member', () => {
  test('is needed for the role, and refused for every other', async () => {
    const given = { email: 'kim@relay.example', password }
    await expect(admin.users.add({ ...given, role: 'member' })).rejects.toMatchObject({ code: 'REFUSED' })
    await expect(admin.users.add({ ...given, role: 'auditor', account: 'acme' })).rejects.toMatchObject({
      code: 'REFUSED',
    })
    await expect(admin.users.add({ ...given, role: 'member', account: 'none' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const { token } = await admin.users.invite({ email: 'lou@relay.example', role: 'member', account: 'bravo' })
    const anybody = clientOver(relay.url, {})
    expect(await anybody.session.invitation({ token })).toMatchObject({ role: 'member', account: 'bravo' })
    const lou = relay.bearer((await anybody.session.accept({ token, name: 'Lou', password })).token)
    expect((await lou.own.account()).name).toBe('bravo')
  })

  test('goes with the role', async () => {
    const { token } = await relay.person('member', 'acme')
    const client = relay.bearer(token)
    const { id, account } = (await client.session.state()).person!
    expect(account).toBe('acme')
    await admin.users.setRole({ id, role: 'auditor' })
    await expect(client.own.messages({})).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect((await client.session.state()).person).toMatchObject({ role: 'auditor', account: null })
    await expect(admin.users.setRole({ id, role: 'member' })).rejects.toMatchObject({ code: 'REFUSED' })
    expect(await admin.users.setRole({ id, role: 'member', account: 'bravo' })).toMatchObject({ account: 'bravo' })
    expect((await client.own.account()).name).toBe('bravo')
  })
})

describe('a request for trust', () => {
  test('waits for an admin, is seen there, and is answered by the decision', async () => {
    expect(await acme.http.own.account()).toMatchObject({ trusted: false, trustRequestedAt: null })
    const asked = await acme.http.own.requestTrust({ reason: 'only invoices' })
    expect(asked.trustRequestedAt).not.toBeNull()
    await expect(acme.http.own.requestTrust({ reason: 'again' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await bravo.http.own.account()).trustRequestedAt).toBeNull()
    expect((await admin.trust.get({ name: 'acme' })).requested).toMatchObject({
      by: acme.email,
      reason: 'only invoices',
    })
    const requested = async () => (await admin.accounts.figures()).filter((each) => each.trustRequested)
    expect(await requested()).toMatchObject([{ account: 'acme' }])

    await admin.trust.decide({ name: 'acme', decision: 'off', requestedBy: acme.email, reason: 'too young' })
    expect(await requested()).toEqual([])
    expect(await acme.http.own.account()).toMatchObject({
      trusted: false,
      trustRequestedAt: null,
      trustDecidedAt: expect.any(String),
    })
    // declining is an answer; without a request there is nothing to decline
    await expect(admin.trust.decide({ name: 'acme', decision: 'off', reason: 'again' })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const [entry] = (await admin.audit.list({ action: 'own.requestTrust' })).rows
    expect(entry).toMatchObject({ actor: acme.email, object: 'account acme' })
  })
})

describe('an own request', () => {
  test('is the account’s: there is nothing to confirm, and the desk sees where it came from', async () => {
    const seen = await admin.requests.get({ id: mine.request })
    expect(seen).toMatchObject({ track: 'holder', account: 'acme', source: 'panel', state: 'identified' })
    const order = await acme.http.own.openRequest({
      kind: 'deletion',
      subject: 'Tom@Kestrel.example',
      suppress: true,
    })
    expect(await admin.requests.get({ id: order.id })).toMatchObject({ track: 'account', suppress: true })
    await expect(acme.http.own.openRequest({ kind: 'deletion', subject: 'nobody' })).rejects.toMatchObject({
      code: 'REFUSED',
    })
    expect(await acme.http.own.withdrawRequest({ id: order.id })).toMatchObject({
      state: 'closed',
      outcome: 'withdrawn',
    })
    await expect(acme.http.own.withdrawRequest({ id: order.id })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('that is asked for again loses nothing of what is asked', async () => {
    const own = acme.http.own
    const first = await own.openRequest({ kind: 'correction', correction: 'contact: one@acme.example' })
    const second = await own.openRequest({ kind: 'correction', correction: 'domains: acme.example, acme.test' })
    expect(second.id).not.toBe(first.id)
    const again = await own.openRequest({ kind: 'correction', correction: 'contact: one@acme.example' })
    expect(again.id).toBe(first.id)
    const order = { kind: 'deletion', subject: 'uma@kestrel.example' } as const
    const plain = await own.openRequest(order)
    expect(await own.openRequest({ ...order, suppress: true })).toMatchObject({ id: plain.id })
    expect(await admin.requests.get({ id: plain.id })).toMatchObject({ suppress: true })
    for (const { id } of [first, second, plain]) await own.withdrawRequest({ id })
  })

  test('tells nothing of who works on it', async () => {
    await admin.requests.note({ id: mine.request, text: 'staff-only thoughts' })
    const shown = await acme.http.own.request({ id: mine.request })
    untouched(shown)
    expect(JSON.stringify(shown)).not.toContain('admin')
    expect(shown.events.map(({ text }) => text)).toContain('Received')
  })
})

test('an order names the third party’s request where it was forwarded to the account, and only there', async () => {
  const asked = { kind: 'deletion', track: 'third party', subject: 'pia@heron.example', text: 'staff-only' } as const
  const { id: parent } = await admin.requests.open(asked)
  const order = { kind: 'deletion', subject: 'PIA@heron.example', parent } as const
  const early = await refusal(acme.http.own.openRequest(order))
  expect(early).toContain('"NOT_FOUND"')
  await admin.requests.forward({ id: parent, accounts: ['acme'] })
  expect(await refusal(bravo.http.own.openRequest(order))).toBe(early)
  await expect(acme.http.own.openRequest({ ...order, subject: 'tom@kestrel.example' })).rejects.toMatchObject({
    code: 'REFUSED',
  })
  const made = await acme.http.own.openRequest(order)
  expect((await admin.requests.get({ id: parent })).orders.map(({ id }) => id)).toEqual([made.id])
  // what the person wrote to the relay is not the account's
  const listed = await acme.http.own.requests()
  expect(listed.map(({ id }) => id)).toContain(made.id)
  expect(listed.map(({ id }) => id)).not.toContain(parent)
  expect(await refusal(acme.http.own.request({ id: parent }))).toContain('"NOT_FOUND"')
})

describe('a package', () => {
  /** Carries out an access request at the desk and returns the package. */
  async function answered(id: number): Promise<number> {
    const until = (isSo: (detail: RequestDetail) => boolean) =>
      vi.waitUntil(async () => isSo(await admin.requests.get({ id })), { timeout: 20_000, interval: 100 })
    await admin.requests.search({ id })
    await until(({ search }) => search?.state === 'done')
    await admin.requests.decide({ id, note: 'staff-only' })
    await admin.requests.execute({ id })
    await until(({ dataExports }) => dataExports.length === 1)
    return (await admin.requests.get({ id })).dataExports[0]!.id
  }

  test('is taken by its account holder, and by no other', async () => {
    const id = await answered(theirs.request)
    for (const way of ways) {
      const said = await refusal(acme[way].own.takeExport({ id }))
      expect(said).toBe(await refusal(acme[way].own.takeExport({ id: 987_654 })))
      // a person takes a package, no script
      expect(said).toContain(way === 'token' ? '"FORBIDDEN"' : '"NOT_FOUND"')
    }
    const [shown] = (await bravo.http.own.request({ id: theirs.request })).dataExports
    expect(shown).toMatchObject({ id, available: true, builtBy: '' })
    const { path, passphrase } = await bravo.http.own.takeExport({ id })
    expect(passphrase.length).toBeGreaterThan(11)
    const file = await fetch(`${relay.url}${path}`)
    expect(file.status).toBe(200)
    expect(
      Buffer.from(await file.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
    const text = JSON.stringify(await bravo.http.own.request({ id: theirs.request }))
    expect(text).not.toContain('staff-only')
    expect(text).not.toContain('admin')
  })
})

test('whose account is closed sees everything, and changes nothing but a consent that is withdrawn', async () => {
  await admin.policy.giveConsent({
    account: 'bravo',
    address: 'ops@bravo.example',
    purpose: 'product news',
    source: 'by telephone',
  })
  const { own } = bravo.http
  expect(await acme.http.own.purposes()).toEqual(['product news'])
  await expect(acme.http.own.setConsent({ purpose: 'other', given: true })).rejects.toMatchObject({ code: 'REFUSED' })
  expect(await acme.http.own.consents()).toEqual([])
  await admin.accounts.setStatus({ name: 'bravo', status: 'closed', reason: 'left' })
  expect((await own.messages({})).items).toHaveLength(1)
  expect(await own.account()).toMatchObject({ status: 'closed', statusReason: 'left' })
  for (const act of [
    own.openRequest({ kind: 'access' }),
    own.withdrawRequest({ id: theirs.request }),
    own.requestTrust({ reason: 'x' }),
    own.setConsent({ purpose: 'product news', given: true }),
  ])
    await expect(act).rejects.toMatchObject({ code: 'REFUSED', message: 'the account is closed' })
  expect(await own.setConsent({ purpose: 'product news', given: false })).toMatchObject([{ withdrawnBy: 'panel' }])
})

test('nobody is an account holder without being a member', async () => {
  for (const call of calls.filter((each) => each.startsWith('own.'))) {
    expect((await callRaw(relay.url, call, {})).status, call).toBe(401)
    const local = relay.local as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
    expect(await refusal(local.own![call.slice(4)]!({}))).toContain('"FORBIDDEN"')
  }
})

test('the policy and those data is shared with are shown without the names of the staff', async () => {
  const { current } = await acme.http.own.policy()
  expect(current).toMatchObject({ state: 'in force', preparedBy: '' })
  expect(Array.isArray(await acme.http.own.sharing())).toBe(true)
})
