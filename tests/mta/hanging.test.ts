/** Next hops that take connections and say nothing keep no mail for the others waiting. */

import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { EngineFixture } from '../support/engineFixture.ts'

let fixture: EngineFixture
let hole: BlackHole | undefined

afterEach(async () => {
  await hole?.stop()
  hole = undefined
  await fixture.stop()
})

/** Takes every connection on every loopback address, greets when told to, and never says another word. */
class BlackHole {
  readonly sockets = new Set<Socket>()
  private readonly server: Server

  constructor(greeting = '') {
    this.server = createServer((socket) => {
      this.sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket))
      if (greeting) socket.write(greeting)
      socket.resume()
    })
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '0.0.0.0', resolve))
    return (this.server.address() as { port: number }).port
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

async function routeToHole(count: number, port: number): Promise<void> {
  const { directory } = fixture.store
  const rules = Array.from({ length: count }, (_, n) => ({
    domain: `h${n}.hole.example`,
    route: {
      kind: 'smarthost',
      host: `127.1.${n >> 8}.${n & 255}`,
      port,
      tls: 'opportunistic',
    } as const,
  }))
  for (const rule of rules) await directory.setRoute(rule)
}

test.each([
  ['that say nothing', ''],
  ['that greet and hang', '220 hole.example ESMTP\r\n'],
])('with 400 next hops %s, good mail goes at once', async (_name, greeting) => {
  fixture = await EngineFixture.start()
  hole = new BlackHole(greeting)
  const port = await hole.start()
  await routeToHole(400, port)
  const to = Array.from({ length: 400 }, (_, n) => `tom@h${n}.hole.example`)
  const hanging = await fixture.submit({ to })
  await fixture.submit({ to })
  // all are being tried, and nothing of it keeps a slot
  await expect.poll(() => hole!.sockets.size, { timeout: 20_000 }).toBeGreaterThanOrEqual(400)
  const good = await fixture.submit({ to: ['pia@kestrel.example'] })
  await fixture.status(good, 'delivered')
  const { deliveries } = await fixture.detail(hanging)
  expect(deliveries.filter(({ state }) => state === 'sending').length).toBeGreaterThan(0)
})

test('a next hop that has never answered gets two connections, then its share', async () => {
  fixture = await EngineFixture.start({}, { slowMs: 600 })
  hole = new BlackHole()
  const port = await hole.start()
  await fixture.route('hole.example', { kind: 'smarthost', host: '127.1.0.1', port, tls: 'opportunistic' })
  const ids = await Promise.all(Array.from({ length: 6 }, () => fixture.submit({ to: ['tom@hole.example'] })))
  await expect.poll(() => hole!.sockets.size).toBe(2)
  const states = await Promise.all(ids.map(async (id) => (await fixture.detail(id)).status))
  expect(states.filter((state) => state === 'sending')).toHaveLength(2)
  const first = await fixture.submit({ to: ['tom@kestrel.example'] })
  await fixture.status(first, 'delivered')
  const slow = await Promise.all(Array.from({ length: 6 }, () => fixture.submit({ to: ['slow@kestrel.example'] })))
  const sending = await Promise.all(slow.map(async (id) => (await fixture.detail(id)).status))
  expect(sending.filter((state) => state === 'sending').length).toBeGreaterThan(2)
})
