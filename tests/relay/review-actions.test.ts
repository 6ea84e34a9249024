/** What follows a case, and how it is undone: in any order, one on top of the other, with mail on its way, after a crash. */

import { readFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAutomaticHold } from '../../src/abuse/signals/automaticHold.ts'
import { createLog } from '../../src/relay/host/logging.ts'
import { submit } from '../soak/client.ts'
import { StoreFixture } from '../support/storeFixture.ts'
import { type Client, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let rita: Client
let file: number
let nextHop: SlowHop

/** A next hop that waits with its last word until it is told, and then says to come back later. */
class SlowHop {
  private readonly waiting: Socket[] = []
  private readonly server: Server
  /** messages it got to the end of */
  messages = 0
  hasToWait = true

  constructor() {
    this.server = createServer((socket) => {
      let isData = false
      socket.on('error', () => undefined)
      socket.write('220 slow.test\r\n')
      socket.on('data', (chunk) => {
        const text = chunk.toString('latin1')
        if (isData) {
          if (!text.endsWith('\r\n.\r\n')) return
          isData = false
          this.messages++
          if (this.hasToWait) this.waiting.push(socket)
          else socket.write('250 2.0.0 ok\r\n')
          return
        }
        for (const verb of text.split('\r\n').filter(Boolean)) {
          isData ||= verb === 'DATA'
          socket.write(isData ? '354 go on\r\n' : '250 2.0.0 ok\r\n')
        }
      })
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return (this.server.address() as { port: number }).port
  }

  comeBackLater(): void {
    for (const socket of this.waiting.splice(0)) socket.write('451 4.3.0 later\r\n')
  }

  stop(): void {
    for (const socket of this.waiting) socket.destroy()
    this.server.close()
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function send(count: number, account = 'acme'): Promise<number> {
  const { port } = relay.relay.listeners.find(({ kind }) => kind === 'smtp')!
  let acknowledged = 0
  const tags = Array.from({ length: count }, (_, i) => `action-${i}`)
  const options = { from: `billing@${account}.example`, localAddress: '127.0.0.1' }
  await submit(port, tags, () => void acknowledged++, options)
  return acknowledged
}

async function states(): Promise<string[]> {
  const { items } = await relay.local.queue.list({ filter: { account: 'acme' } })
  return items.map(({ state }) => state)
}

const statusOf = async () => (await relay.local.accounts.get({ name: 'acme' })).status

beforeAll(async () => {
  relay = await startTestRelay()
  await relay.person('admin')
  rita = relay.bearer((await relay.person('reviewer')).token)
  await relay.local.accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
  await relay.local.accounts.addCredential({ account: 'acme', kind: 'address', range: '127.0.0.0/8' })
  file = (await rita.cases.open({ account: 'acme', reason: 'spam', note: 'strange mail' })).id
  nextHop = new SlowHop()
})

afterAll(async () => {
  nextHop?.stop()
  await relay?.stop()
})

test('a limit that is taken back leaves the one of before, in whatever order limits are taken back', async () => {
  const first = await rita.cases.act({ id: file, kind: 'throttle', perHour: 4, reason: 'much' })
  const second = await rita.cases.act({ id: file, kind: 'throttle', perHour: 2, reason: 'still much' })
  expect(await relay.local.accounts.get({ name: 'acme' })).toMatchObject({ hourlyLimit: 2, outgoing: 'flow' })
  expect(await send(6)).toBe(2)
  await rita.cases.undo({ id: second.id, reason: 'better' })
  expect(await send(6)).toBe(2)
  const third = await rita.cases.act({ id: file, kind: 'throttle', perHour: 5, reason: 'again' })
  await rita.cases.undo({ id: first.id, reason: 'long ago' })
  expect(await send(6)).toBe(1)
  await rita.cases.undo({ id: third.id, reason: 'well' })
  expect((await relay.local.accounts.get({ name: 'acme' })).hourlyLimit).toBeNull()
  expect(await send(6)).toBe(6)
})

test('a closed account stays closed when the suspension before is undone, and is suspended again the other way round', async () => {
  const act = (kind: 'suspend' | 'close account') => rita.cases.act({ id: file, kind, reason: `to ${kind}` })
  const suspended = await act('suspend')
  const closed = await act('close account')
  await rita.cases.undo({ id: closed.id, reason: 'too hard' })
  expect(await relay.local.accounts.get({ name: 'acme' })).toMatchObject({
    status: 'suspended',
    statusReason: 'to suspend',
  })
  const again = await act('close account')
  await rita.cases.undo({ id: suspended.id, reason: 'out of order' })
  expect(await statusOf()).toBe('closed')
  await rita.cases.undo({ id: again.id, reason: 'an appeal' })
  expect(await statusOf()).toBe('active')
})

test('what a person decided about the account elsewhere is not undone with an action', async () => {
  const suspended = await rita.cases.act({ id: file, kind: 'suspend', reason: 'spam' })
  await relay.local.accounts.setStatus({ name: 'acme', status: 'closed', reason: 'the contract has ended' })
  await rita.cases.undo({ id: suspended.id, reason: 'the case is over' })
  expect(await statusOf()).toBe('closed')
  await relay.local.accounts.setStatus({ name: 'acme', status: 'active', reason: 'a new contract' })
})

test('closing an account sends nothing out: its queue is held, before and after, until a person decides', async () => {
  await emptyQueue()
  await relay.local.routes.set({ domain: '*', route: { kind: 'smarthost', host: '127.0.0.1', port: 1, tls: 'none' } })
  await send(2)
  const words = async () =>
    (await rita.cases.previewAction({ id: file, kind: 'close account', reason: 'phishing' })).effects.join(' ')
  // one may be under way at this moment
  await expect.poll(words).toContain('2 deliveries that wait in the queue are held')
  const suspended = await rita.cases.act({ id: file, kind: 'suspend', reason: 'phishing' })
  expect(await states()).toEqual(['held', 'held'])
  const closed = await rita.cases.act({ id: file, kind: 'close account', reason: 'phishing' })
  expect(await states()).toEqual(['held', 'held'])
  await rita.cases.undo({ id: closed.id, reason: 'wait' })
  await relay.local.accounts.setStatus({ name: 'acme', status: 'closed', reason: 'phishing' })
  expect(await states()).toEqual(['held', 'held'])
  await relay.local.accounts.setStatus({ name: 'acme', status: 'active', reason: 'all a mistake' })
  expect(await states()).not.toContain('held')
  await rita.cases.undo({ id: suspended.id, reason: 'all a mistake' })
})

/** Takes everything out of the queue; what is being sent comes back first. */
async function emptyQueue(): Promise<void> {
  await until(async () => {
    await relay.local.queue.act({ action: 'cancel', filter: {}, reason: 'a clean start' })
    return (await states()).length === 0
  })
}

test('mail on its way when the account is suspended is put aside when it comes back', async () => {
  await emptyQueue()
  const port = await nextHop.listen()
  await relay.local.routes.set({ domain: '*', route: { kind: 'smarthost', host: '127.0.0.1', port, tls: 'none' } })
  await send(1)
  await until(async () => nextHop.messages === 1)
  const letter = { subject: 'Your account is suspended', text: 'Why: spam.' }
  const suspended = await rita.cases.act({ id: file, kind: 'suspend', reason: 'spam', letter })
  expect(suspended.letter!.message).not.toBeNull()
  // the mail and the letter
  expect(await states()).toEqual(['sending', 'sending'])
  nextHop.hasToWait = false
  nextHop.comeBackLater()
  await until(async () => (await states()).includes('held'))
  await rita.cases.undo({ id: suspended.id, reason: 'all is well' })
  await relay.local.queue.act({ action: 'retry', filter: { account: 'acme' }, reason: 'now' })
  await until(async () => (await states()).length === 0)
})

test('a crash between an action and what follows it is made up for at the next start', async () => {
  await relay.local.routes.set({ domain: '*', route: { kind: 'smarthost', host: '127.0.0.1', port: 1, tls: 'none' } })
  await send(2)
  const subject = 'Your mail is held'
  let action = 0
  await relay.whileStopped(async () => {
    // all a killed relay leaves is what its store wrote
    const written = await readFile(join(dirname(relay.folder), 'log.key'), 'latin1')
    const key = Buffer.from(written.trim(), 'hex')
    const fixture = await StoreFixture.on(relay.folder, key)
    const letter = { subject, text: 'Why: spam.', message: undefined }
    const given = { case: file, kind: 'hold', perHour: undefined, reason: 'spam', by: 'rita', at: Date.now() } as const
    action = await fixture.store.cases.addAction({ ...given, letter }, { id: 2, email: 'rita' })
    await fixture.close()
  })
  rita = relay.bearer((await relay.person('reviewer')).token)
  const done = (await rita.cases.get({ id: file })).actions.find(({ id }) => id === action)!
  expect(done).toMatchObject({ canUndo: true, letter: { subject } })
  expect(await relay.local.messages.get({ id: done.letter!.message! })).toMatchObject({ subject })
  expect((await states()).filter((state) => state === 'held')).toHaveLength(2)
  const letters = async () => (await relay.local.messages.list({ filter: { subject } })).items.length
  expect(await letters()).toBe(1)
  await relay.restart()
  rita = relay.bearer((await relay.person('reviewer')).token)
  expect(await letters()).toBe(1)
  await rita.cases.undo({ id: action, reason: 'all is well' })
  expect(await states()).not.toContain('held')
})

test('whatever fails, the brake leaves no account held without a case and an action to undo', async () => {
  const fixture = await StoreFixture.open()
  try {
    const { cases, directory, signals } = fixture.store
    const { time: at } = fixture
    const facts = { account: 1, kind: 'spam trap', weight: 60, source: 'acceptance', value: undefined } as const
    const hits = [1, 2].map((n) => ({ ...facts, at, summary: `trap ${n}`, fact: `trap ${n}`, messages: [] }))
    await signals.add(hits)
    const brake = createAutomaticHold({
      store: fixture.store,
      follow: () => Promise.reject(new Error('no room on the disk')),
      hostname: 'relay.test',
      clock: { now: () => fixture.time },
      log: createLog('silent'),
    })
    await brake.poll()
    await brake.poll()
    expect(directory.accountById(1)!.outgoing).toBe('held')
    const { cases: found } = await cases.list({ account: 1 }, 10, undefined, at)
    expect(found).toMatchObject([{ reason: 'automatic', signals: 2, status: 'open' }])
    const pending = await cases.pendingActions()
    expect(pending).toMatchObject([{ case: found[0]!.id, kind: 'hold', by: 'system', account: 1 }])
    await cases.undoAction(pending[0]!.id, 'a mistake', { id: 1, email: 'rita' }, at)
    expect(directory.accountById(1)!.outgoing).toBe('flow')
  } finally {
    await fixture.close()
  }
})
