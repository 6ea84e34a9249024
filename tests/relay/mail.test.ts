/** Mail as the API shows it: a test message of the relay's own, and the live tail. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sink, startSink } from '../support/sink.ts'
import { startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let sink: Sink
const credential = { username: 'acme', password: 'secret secret' }

beforeAll(async () => {
  sink = await startSink()
  relay = await startTestRelay()
  await relay.local.accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
  await relay.local.accounts.addCredential({ account: 'acme', kind: 'password', password: credential.password })
  const { port } = sink
  await relay.local.routes.set({ domain: '*', route: { kind: 'smarthost', host: '127.0.0.1', port, tls: 'none' } })
})
afterAll(async () => {
  await relay.stop()
  await sink.stop()
})

test('a test message goes through the relay like any other, and the tail tells of it', async () => {
  const tail = await relay.local.messages.tail({ filter: { to: '@kestrel.example', subject: 'mailw' } })
  expect((await tail.next()).value).toEqual({ items: [], missed: 0 })

  const send = (to: string) => relay.local.messages.sendTest({ ...credential, from: 'ann@acme.example', to })
  await send('somebody@else.example')
  const sent = await send('tom@kestrel.example')
  expect(sent.reply).toBe(`250 2.0.0 queued as ${sent.id}`)
  await sink.received(2)
  for await (const { items } of tail) {
    for (const item of items)
      expect(item).toMatchObject({ id: sent.id, account: 'acme', subject: 'Mailward test message' })
    if (items.at(-1)?.status === 'delivered') break
  }
})

test('a test message that the relay refuses is refused in the words of its reply', async () => {
  const send = (message: { username?: string; password?: string; from?: string; to?: string }) =>
    relay.local.messages.sendTest({ ...credential, from: 'ann@acme.example', to: 'tom@kestrel.example', ...message })
  await expect(send({ password: 'wrong wrong' })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringMatching(/^535 /),
  })
  await expect(send({ from: 'ann@elsewhere.example' })).rejects.toMatchObject({
    code: 'REFUSED',
    message: /^55\d 5\.7\.1 /,
  })
  await expect(send({ to: 'nobody' })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringMatching(/is not an e-mail address/),
  })
})

test('a message is listed and shown with what happened to it', async () => {
  const { items } = await relay.local.messages.list({ filter: { from: '@acme.example', to: 'tom' } })
  const [item] = items
  expect(item).toMatchObject({ status: 'delivered', to: ['tom@kestrel.example'], credential: 'acme' })
  const shown = await relay.local.messages.get({ id: item!.id.toLowerCase() })
  expect(shown.headers).toMatch(/^Received: /)
  expect(shown.deliveries).toMatchObject([{ ordinal: 0, state: 'delivered', attempts: [{ code: 250 }] }])
  await expect(relay.local.messages.get({ id: 'nonsense' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
