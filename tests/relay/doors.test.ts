/** Who is let in at the console address: Host, Origin, cookie, bearer, WebSocket. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Client, callRaw, password, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let admin: { email: string; token: string }
const sockets: WebSocket[] = []

beforeAll(async () => {
  relay = await startTestRelay(['--console-host', 'console.acme.example'])
  admin = await relay.person('admin')
  const folder = join(relay.folder, '..', 'console')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<title>Mailward</title>')
  writeFileSync(join(folder, 'assets', 'app-1a2b.js'), 'export {}')
  writeFileSync(join(folder, '..', 'outside.html'), 'secret')
})
afterAll(async () => {
  for (const socket of sockets) socket.terminate()
  await relay.stop()
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** An HTTP request exactly as given: fetch would not let us lie about Host and path. */
function raw(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  const { port } = new URL(relay.url)
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (message) => {
      let text = ''
      message.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      message.on('end', () => resolve({ status: message.statusCode ?? 0, headers: message.headers, body: text }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const own = () => ({ origin: relay.url })
const json = { 'content-type': 'application/json' }

function stateCall(headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return callRaw(relay.url, 'session.state', headers)
}

function person(body: string): string | undefined {
  return (JSON.parse(body) as { json: { person: { email: string } | null } }).json.person?.email
}

function open(headers: Record<string, string>, protocols: string[] = [], path = '/rpc'): Promise<WebSocket | number> {
  const socket = new WebSocket(`${relay.url.replace('http', 'ws')}${path}`, protocols, { headers })
  sockets.push(socket)
  return new Promise((resolve) => {
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })
}

function over(socket: WebSocket | number): Client {
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  return createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
}

describe('a foreign Host', () => {
  test('is answered nothing but where to go', async () => {
    for (const path of ['/', '/rpc/session/state', '/api/openapi.json', '/metrics', '/session']) {
      const { status, body } = await raw('GET', path, { host: 'evil.example' })
      expect([path, status]).toEqual([path, 421])
      expect(body).toMatch(/--console-host/)
    }
  })

  test('that was configured is one of ours', async () => {
    expect((await raw('GET', '/', { host: 'console.acme.example' })).status).toBe(200)
  })

  test('does not matter to a health check', async () => {
    expect(await raw('GET', '/healthz', { host: 'probe.internal' })).toMatchObject({ status: 200, body: 'ok\n' })
  })
})

describe('a foreign Origin', () => {
  const evil = { origin: 'http://evil.example' }

  test('changes nothing, whatever it holds', async () => {
    const headers = {
      ...json,
      ...evil,
      authorization: `Bearer ${admin.token}`,
      cookie: `mailward_session=${admin.token}`,
    }
    expect((await raw('POST', '/rpc/accounts/list', headers, '{"json":null}')).status).toBe(403)
    expect((await raw('POST', '/api/accounts', headers, '{}')).status).toBe(403)
    expect((await raw('POST', '/session', headers, `{"token":"${admin.token}"}`)).status).toBe(403)
    expect((await raw('DELETE', '/session', headers)).status).toBe(403)
  })

  test('reads nothing with the cookie', async () => {
    const cookie = `mailward_session=${admin.token}`
    const get = (headers: Record<string, string>) => raw('GET', '/rpc/accounts/list', { ...headers, cookie })
    expect((await get(evil)).status).toBe(401)
    expect((await get({ 'sec-fetch-site': 'cross-site' })).status).toBe(401)
    expect((await get({})).status).toBe(401)
    expect((await get({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  test('gets no WebSocket', async () => {
    const cookie = `mailward_session=${admin.token}`
    expect(await open({ ...evil, cookie })).toBe(403)
    expect(await open({ ...evil }, ['mailward', `mailward.bearer.${admin.token}`])).toBe(403)
    expect(await open({ origin: 'null', cookie })).toBe(403)
    expect(await open({ cookie })).toBe(403)
    expect(await open({ ...own(), host: 'evil.example', cookie })).toBe(421)
    expect(await open(own(), [], '/elsewhere')).toBe(404)
  })
})

describe('the cookie', () => {
  test('is set for a session, unreadable for scripts, and speaks for it until it is cleared', async () => {
    const { token } = await relay.person('operator')
    const kept = await raw('POST', '/session', { ...json, ...own() }, JSON.stringify({ token }))
    expect(kept.status).toBe(204)
    const [cookie] = kept.headers['set-cookie'] as string[]
    expect(cookie).toMatch(/^mailward_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/)
    const sent = { ...own(), cookie: cookie!.split(';')[0]! }
    expect(person((await stateCall(sent)).body)).toMatch(/^operator/)

    const cleared = await raw('DELETE', '/session', sent)
    expect(cleared.headers['set-cookie']).toEqual(['mailward_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0'])
    expect(person((await stateCall(sent)).body)).toBeUndefined()
  })

  test('is not set for what is no session', async () => {
    const post = (body: string) => raw('POST', '/session', { ...json, ...own() }, body)
    expect((await post('{"token":"made-up"}')).status).toBe(401)
    expect((await post('{"token":"a; Path=/x"}')).status).toBe(400)
    expect((await post('x'.repeat(5000))).status).toBe(400)
  })

  test("does not open the scripts' API", async () => {
    const headers = { ...own(), cookie: `mailward_session=${admin.token}` }
    expect((await raw('GET', '/api/accounts', headers)).status).toBe(401)
    expect((await raw('GET', '/api/accounts', { authorization: `Bearer ${admin.token}` })).status).toBe(200)
  })
})

describe('a WebSocket', () => {
  test('takes the session of the cookie', async () => {
    const client = over(await open({ ...own(), cookie: `mailward_session=${admin.token}` }))
    expect((await client.session.state()).person?.email).toBe(admin.email)
  })

  test('of a desktop elsewhere takes the session of its subprotocol, and the token is not echoed', async () => {
    const socket = await open({ origin: 'mailward://console' }, ['mailward', `mailward.bearer.${admin.token}`])
    expect((socket as WebSocket).protocol).toBe('mailward')
    expect((await over(socket).session.state()).person?.email).toBe(admin.email)
  })

  test('that logs in is logged in from then on, and out again', async () => {
    const client = over(await open(own()))
    await expect(client.status.get()).rejects.toMatchObject({ code: 'UNAUTHORIZED', defined: true })
    await client.session.login({ email: admin.email, password })
    expect((await client.status.get()).hostname).toBe('relay.test')
    await client.session.logout()
    await expect(client.status.get()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test('ends its streams when the session ends elsewhere', async () => {
    const { token } = await relay.person('admin')
    const client = over(await open({ ...own(), cookie: `mailward_session=${token}` }))
    const stream = await client.status.watch()
    expect((await stream.next()).value).toMatchObject({ hostname: 'relay.test' })
    await relay.bearer(token).session.logout()
    await expect(stream.next()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test('that sends too much is closed', async () => {
    const socket = (await open(own())) as WebSocket
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.send('x'.repeat(2 * 1024 * 1024))
    expect(await closed).toBe(1009)
  })
})

describe('the page', () => {
  test('comes with a strict policy, its assets are cached, and nothing outside is served', async () => {
    const page = await raw('GET', '/')
    expect(page).toMatchObject({ status: 200, body: '<title>Mailward</title>' })
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/)
    const asset = await raw('GET', '/assets/app-1a2b.js')
    expect(asset.headers['cache-control']).toMatch(/immutable/)
    for (const path of [
      '/../outside.html',
      '/%2e%2e/outside.html',
      '/..%2foutside.html',
      '/assets',
      '/none',
      '/%ff',
      '/a%00',
    ])
      expect([path, (await raw('GET', path)).status]).toEqual([path, 404])
  })

  test('takes no other method', async () => {
    expect((await raw('POST', '/', own())).status).toBe(405)
  })
})

test('a request too large is refused', async () => {
  const headers = { ...json, authorization: `Bearer ${admin.token}` }
  const { status } = await raw('POST', '/rpc/accounts/add', headers, `{"json":"${'x'.repeat(2 * 1024 * 1024)}"}`)
  expect(status).toBe(413)
})

test('metrics are for this machine', async () => {
  const { status, body } = await raw('GET', '/metrics')
  expect(status).toBe(200)
  expect(body).toMatch(/^mailward_queue_deliveries\{state="deferred"\} 0$/m)
  expect(body).toMatch(/^mailward_rate_per_second\{direction="in"\} 0$/m)
  expect(body).toMatch(/nodejs_eventloop_lag_seconds/)
})
