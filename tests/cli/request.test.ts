/** Requests on the command line, against a real relay process. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RequestDetail, RequestSearch, RequestView } from '../../src/contract/requests.ts'
import type { StatusReport } from '../../src/contract/status.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { CommandLine, serve } from './support.ts'

const commandLine = new CommandLine()
const run = (...words: string[]) => commandLine.run(words)
let sink: Sink

beforeAll(async () => {
  sink = await startSink()
  const served = await serve(commandLine, '--hostname', 'relay.test')
  await run('account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example')
  await run('credential', 'add', 'acme', '--address', '127.0.0.1/32')
  await run('route', 'set', '*', 'smarthost', `127.0.0.1:${sink.port}`, '--tls', 'none')
  const transport = createTransport({ host: '127.0.0.1', port: served.port('smtp'), ignoreTLS: true })
  await transport.sendMail({
    from: 'billing@acme.example',
    to: 'ann@kestrel.example',
    subject: 'Your invoice',
    text: 'x',
  })
  transport.close()
})
afterAll(async () => {
  await commandLine.remove()
  await sink.stop()
})

const open = (...words: string[]) => commandLine.json<RequestView>(['request', 'open', ...words])
const detail = (id: string) => commandLine.json<RequestDetail>(['request', 'show', id])

async function until(id: string, state: RequestView['state']): Promise<RequestDetail> {
  await expect.poll(async () => (await detail(id)).state, { timeout: 20_000 }).toBe(state)
  return detail(id)
}

test('a request goes its way from receipt to answer', { timeout: 90_000 }, async () => {
  const opened = await open(
    'deletion',
    '--subject',
    'tom@kestrel.example',
    '--received',
    '2026-01-31',
    '--text',
    'Please.',
  )
  expect(Object.keys(opened).slice(0, 9)).toEqual([
    ...['id', 'kind', 'track', 'subject', 'account', 'receivedAt', 'dueAt', 'state', 'outcome'],
  ])
  expect(opened).toMatchObject({
    kind: 'deletion',
    track: 'third party',
    subject: 'tom@kestrel.example',
    account: null,
  })
  expect(opened.dueAt.slice(0, 10)).toBe('2026-02-28')
  const id = String(opened.id)
  expect(await run('request', 'execute', id)).toMatchObject({
    status: 1,
    err: expect.stringMatching(/^mailward: .*received\n$/),
  })
  expect((await commandLine.json<StatusReport>(['status'])).requests).toEqual({ open: 1, dueSoon: 0, overdue: 1 })
  expect((await run('request', 'list')).out).toMatch(/^\d+ +OVERDUE +deletion +third party +received +tom@/m)

  const found = await commandLine.json<RequestSearch>(['request', 'search', id])
  expect(found).toMatchObject({ state: 'done', problem: '' })
  expect((await run('request', 'preview', id)).out).toContain('A signed receipt is written for each day')
  await run('request', 'identity', id, '--evidence', 'passport seen')
  await run('request', 'decide', id, '--note', 'all in order')
  expect(await commandLine.json<RequestView>(['request', 'execute', id])).toMatchObject({ state: 'executed' })
  expect((await run('request', 'answer', id, '--preview')).out).toMatch(/^to tom@kestrel\.example: \[request 1\]/)
  expect((await run('request', 'answer', id)).out).toMatch(/^request +1, deletion, track third party: answered/)
  const closed = await until(id, 'closed')
  expect(closed.outcome).toBe('nothing found')
  expect((await run('request', 'show', id)).out).toMatch(/^identity /m)
  expect(await commandLine.jsonLines<RequestView>(['request', 'list', '--state', 'closed'])).toMatchObject([
    { id: opened.id },
  ])
})

test('a package is built for access, and written to a file', { timeout: 90_000 }, async () => {
  const id = String((await open('access', '--subject', 'ann@kestrel.example', '--account', 'acme')).id)
  await run('request', 'identity', id, '--evidence', 'called back')
  expect(await run('request', 'decide', id)).toMatchObject({
    status: 1,
    err: expect.stringContaining('search everything first'),
  })
  await run('request', 'search', id)
  await run('request', 'decide', id)
  expect(await commandLine.json<RequestView>(['request', 'execute', id])).toMatchObject({
    state: 'executed',
    track: 'account',
  })
  const file = join(commandLine.root, 'ann.zip')
  expect(await run('request', 'package', id, '--out', file)).toMatchObject({
    status: 0,
    err: expect.stringMatching(/passphrase/),
  })
  expect(existsSync(file)).toBe(true)
})

test('a request is forwarded, extended, refused, closed; wrong words are told', { timeout: 90_000 }, async () => {
  const forwarded = String((await open('objection', '--subject', 'bob@kestrel.example')).id)
  expect((await run('request', 'extend', forwarded, '--reason', 'many')).out).toContain('extended')
  expect((await run('request', 'forward', forwarded, '--account', 'acme')).out).toContain('answered, forwarded')
  const refused = String((await open('access', '--subject', 'eve@kestrel.example')).id)
  const words = ['request', 'refuse', refused, '--ground', 'excessive', '--reason', 'the fifth this week']
  expect((await run(...words)).out).toContain('refused')
  const closed = String((await open('restriction', '--subject', 'kim@kestrel.example')).id)
  expect((await run('request', 'close', closed, '--outcome', 'withdrawn', '--reason', 'asked us to')).out).toContain(
    'closed, withdrawn',
  )
  expect(await run('request', 'show', '77')).toMatchObject({ status: 1, err: expect.stringMatching(/no request 77/) })
  expect((await run('request', 'open', 'everything', '--subject', 'a@b.example')).status).toBe(2)
  expect((await run('request', 'identity', closed)).status).toBe(2)
  expect((await run('request', 'open', 'access', '--subject', 'nobody')).status).toBe(1)
  expect((await run('request', 'open', 'access', '--track', 'holder', '--subject', 'ops@acme.example')).status).toBe(1)
})
