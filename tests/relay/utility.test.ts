/** The relay as the desktop runs it: options in, a MessagePort for each window, words out. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FromRelay, ToRelay } from '../../src/contract/utility.ts'
import { type Client, password } from './support.ts'

let root: string
let worker: Worker
let said: FromRelay[]
/** what the shell answers about the system's keychain; here a text turned round stands for a sealed one */
let keychain: (text: string) => string | null

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mailward-utility-'))
  said = []
  worker = new Worker(new URL('./utilityHarness.ts', import.meta.url))
  keychain = () => null
  worker.on('message', (message: FromRelay) => {
    said.push(message)
    if (message.type === 'keychain') tell({ type: 'keychain', request: message.request, text: keychain(message.text) })
  })
})
afterEach(async () => {
  await worker.terminate()
  rmSync(root, { recursive: true, force: true })
})

function tell(data: ToRelay, ports: MessagePort[] = []): void {
  worker.postMessage({ data, ports }, ports)
}

/** The first word of a kind, said already or yet to come. */
async function hear<T extends FromRelay['type']>(type: T): Promise<Extract<FromRelay, { type: T }>> {
  for (;;) {
    const found = said.find((message) => message.type === type)
    if (found) return found as Extract<FromRelay, { type: T }>
    await new Promise((resolve) => worker.once('message', resolve))
  }
}

function start(...further: string[]): void {
  const own = ['--data', join(root, 'data'), '--key-file', join(root, 'log.key'), '--log', 'silent']
  const ports = ['--smtp', '127.0.0.1:0', '--smtps', 'none', '--console', '127.0.0.1:0']
  tell({ type: 'start', configuration: [...own, ...ports, ...further] })
}

function openConsole(session: string | null): Client {
  const { port1, port2 } = new MessageChannel()
  tell({ type: 'console', session }, [port2])
  const client: Client = createORPCClient(new RPCLink({ port: port1 }))
  port1.start()
  return client
}

test('a window claims the first person, the shell is told to remember, and the next window is logged in', async () => {
  start()
  // asked for before the relay runs: it is answered when it does
  const client = openConsole(null)
  expect(await client.session.state()).toMatchObject({ firstRun: true, person: null })
  const { listeners, firstToken } = await hear('started')
  expect(listeners.map(({ kind }) => kind)).toEqual(['smtp', 'console'])
  await expect(client.status.get()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })

  const email = 'ann@relay.example'
  const { token } = await client.session.claim({ token: firstToken!, email, name: 'Ann', password })
  expect(await hear('remember')).toEqual({ type: 'remember', session: token })
  expect((await client.status.get()).demo).toBe(false)
  expect((await openConsole(token).session.state()).person?.email).toBe(email)
  expect(await hear('status')).toEqual({
    type: 'status',
    queue: { queued: 0, sending: 0, deferred: 0, held: 0, inDoubt: 0 },
  })

  said = []
  await client.session.logout()
  expect(await hear('remember')).toEqual({ type: 'remember', session: null })
})

test('a stop is answered when everything is closed', async () => {
  start()
  await hear('started')
  const exited = new Promise((resolve) => worker.on('exit', resolve))
  tell({ type: 'stop' })
  await hear('stopped')
  expect(await exited).toBe(0)
})

test('a relay that cannot start says what to change, and ends', async () => {
  const exited = new Promise((resolve) => worker.on('exit', resolve))
  start('--smtp', 'nowhere')
  expect(await hear('failed')).toEqual({
    type: 'failed',
    message: expect.stringMatching(/^--smtp nowhere: give HOST:PORT/),
  })
  expect(await exited).toBe(1)
})

test('the seal key lies in the keychain, and the shell is asked for it when it is needed only', async () => {
  keychain = (text) => [...text].reverse().join('')
  start()
  const client = openConsole(null)
  const { firstToken } = await hear('started')
  await client.session.claim({ token: firstToken!, email: 'ann@relay.example', name: 'Ann', password })
  const key = await client.keys.sealKey()
  expect(key).toMatchObject({ keys: 'keychain', place: join(root, 'log.key.seal') })
  const asked = () => said.flatMap((message) => (message.type === 'keychain' ? [message.act] : []))
  expect(asked()).not.toContain('open')
  const before = asked().length
  const { id, keys } = await client.keys.rotateSealKey({ reason: 'once a year' })
  expect(keys).toBe('keychain')
  expect(id).not.toBe(key.id)
  expect(asked().slice(before)).toContain('open')
  keychain = () => null
  await expect(client.keys.rotateSealKey({ reason: 'again' })).rejects.toThrow(/keychain that cannot be reached/)
})

test('where the keychain protects nothing, the seal key lies in a file', async () => {
  start()
  const client = openConsole(null)
  const { firstToken } = await hear('started')
  await client.session.claim({ token: firstToken!, email: 'ann@relay.example', name: 'Ann', password })
  expect(await client.keys.sealKey()).toMatchObject({ keys: 'file' })
})
