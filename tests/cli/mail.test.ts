/** One message all the way: credential, STARTTLS, queue, sink, header log, on the command line alone. */

import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sink, startSink } from '../support/sink.ts'
import { CommandLine, type Served, serve, submitTo } from './support.ts'

const commandLine = new CommandLine()
let served: Served
let sink: Sink

beforeAll(async () => {
  sink = await startSink()
  served = await serve(commandLine)
  await commandLine.json(['account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example'])
  await commandLine.json(['credential', 'add', 'acme', '--password-stdin'], 'secret secret')
})
afterAll(async () => {
  await commandLine.remove()
  await sink.stop()
})

async function send(to: string, subject: string): Promise<string> {
  const response = await submitTo(served, to, subject)
  const id = /^250 2\.0\.0 queued as (\w{11})$/.exec(response)?.[1]
  expect(id, response).toBeDefined()
  return id!
}

interface Line {
  id: string
  status: string
  subject: string
}

test('a fresh relay keeps mail and sends nothing, until it is cancelled', async () => {
  const id = await send('tom@kestrel.example', 'captured')
  const [group] = await commandLine.jsonLines<{ key: string; total: number }>(['queue'])
  expect(group).toMatchObject({ key: 'capture', total: 1 })
  const [item] = await commandLine.jsonLines(['queue', 'list', 'domain:kestrel.example'])
  expect(item).toMatchObject({
    message: id,
    ordinal: 0,
    recipient: 'tom@kestrel.example',
    account: 'acme',
    state: 'held',
  })
  const cancel = ['queue', 'cancel', 'to:tom@kestrel.example', '--reason', 'never meant']
  expect(await commandLine.json([...cancel, '--dry-run'])).toEqual({ deliveries: 1, messages: 1, skipped: 0 })
  expect(await commandLine.json(cancel)).toEqual({ deliveries: 1, skipped: 0 })
  expect(await commandLine.jsonLines<Line>(['messages'])).toMatchObject([{ id, status: 'cancelled' }])
  const { deliveries } = await commandLine.json<{ deliveries: { reason: string }[] }>(['message', id])
  expect(deliveries[0]?.reason).toContain('never meant')
})

test('deferred mail is held, released and tried again by order', async () => {
  await commandLine.json(['route', 'set', '*', 'smarthost', `127.0.0.1:${sink.port}`])
  const id = await send('tempfail@kestrel.example', 'later')
  const state = async () => (await commandLine.json<{ status: string }>(['message', id])).status
  while ((await state()) !== 'deferred');
  const [byReason] = await commandLine.jsonLines<{ key: string }>(['queue', '--by', 'reason'])
  expect(byReason?.key).toMatch(/4\d\d/)

  expect(await commandLine.json(['queue', 'hold', `message:${id}`])).toEqual({ deliveries: 1, skipped: 0 })
  expect(await state()).toBe('held')
  expect(await commandLine.json(['queue', 'release', 'account:acme'])).toEqual({ deliveries: 1, skipped: 0 })
  const attempts = sink.counts.refusedRecipients
  await commandLine
    .json(['queue', 'retry', 'is:in-doubt'])
    .catch((error: Error) => expect(error.message).toMatch(/nothing in the queue matches/))
  await commandLine.json(['queue', 'retry', `destination:127.0.0.1:${sink.port}`])
  while (sink.counts.refusedRecipients === attempts) await state()
  while ((await state()) !== 'deferred');
  expect(await commandLine.json(['queue', 'cancel', 'all'])).toEqual({ deliveries: 1, skipped: 0 })
})

test('a message is delivered, found and shown, and seen while it happens', async () => {
  const follower = commandLine.start('messages', '--follow', '--json', '--from', '@acme.example', '--limit', '1')
  const lines = createInterface(follower.stdout!)[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value as string) as Line
  expect(await next()).toMatchObject({ subject: 'later', status: 'cancelled' })

  const id = await send('Tom.B@kestrel.example', 'Grüße from acme')
  await sink.received(1)
  let last = await next()
  while (last.status !== 'delivered') last = await next()
  expect(last).toMatchObject({ id, status: 'delivered' })
  follower.kill('SIGTERM')

  const [found, ...rest] = await commandLine.jsonLines<Line>([
    'messages',
    '--subject',
    'gruße',
    '--status',
    'delivered',
  ])
  expect(rest).toEqual([])
  expect(found).toEqual({
    id,
    account: 'acme',
    credential: 'acme',
    acceptedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    from: 'ann@acme.example',
    to: ['Tom.B@kestrel.example'],
    subject: expect.stringContaining('Grüße'),
    messageId: expect.stringContaining('@'),
    size: expect.any(Number),
    status: 'delivered',
    keepUntil: expect.any(String),
    sampled: false,
    held: false,
    inDoubt: false,
    client: { address: '127.0.0.1', helo: expect.any(String), tls: expect.stringContaining('TLSv1') },
  })
  const message = await commandLine.json<{ headers: string; deliveries: unknown[] }>(['message', id])
  expect(message).toMatchObject({ ...found, givesUpAt: null })
  expect(message.headers).toMatch(/^Subject: /m)
  expect(message.deliveries).toMatchObject([
    {
      recipient: 'Tom.B@kestrel.example',
      state: 'delivered',
      nextAttemptAt: null,
      attempts: [
        {
          code: 250,
          destination: expect.stringContaining(String(sink.port)),
          transcript: expect.stringMatching(/^C: /m),
        },
      ],
    },
  ])
  expect(sink.messages[0]?.recipients.map(({ address }) => address)).toEqual(['Tom.B@kestrel.example'])

  const { out } = await commandLine.run(['message', id])
  expect(out).toMatch(/^Tom\.B@kestrel\.example: delivered$/m)
})

test('lists go on from a cursor, over any number of pages', async () => {
  for (const subject of ['one', 'two', 'three']) await send('tom@kestrel.example', subject)
  const { out, err } = await commandLine.run(['messages', '--limit', '2', '--json'])
  const cursor = /--cursor (\S+)/.exec(err)?.[1]
  const subjects = (text: string) =>
    text.split('\n').flatMap((line) => (line ? [(JSON.parse(line) as Line).subject] : []))
  expect(subjects(out)).toEqual(['three', 'two'])
  const rest = await commandLine.run(['messages', '--limit', '2', '--json', '--cursor', cursor!])
  expect(subjects(rest.out)[0]).toBe('one')
})

test('a signal stops the relay in order, and it comes back with everything', async () => {
  expect(await served.end('SIGTERM')).toBe(0)
  expect((await commandLine.run(['status'])).status).toBe(1)
  served = await serve(commandLine)
  expect(await commandLine.jsonLines<Line>(['messages', '--text', 'three'])).toMatchObject([{ subject: 'three' }])
  expect(await served.end('SIGINT')).toBe(0)
})
