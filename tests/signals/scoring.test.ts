/** Scores of samples: made from memory after acceptance, by a real filter or by the built-in checks. */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { builtInChecks } from '../../src/abuse/scoring/builtIn.ts'
import { checkScoringUrl, connectScorer } from '../../src/abuse/scoring/connect.ts'
import { bounded } from '../../src/abuse/scoring/scorer.ts'
import { createScoring } from '../../src/abuse/scoring/scoring.ts'
import { createSignalPolicy, type SignalPolicy } from '../../src/abuse/signals/signalRules.ts'
import { createWatch } from '../../src/abuse/signals/watch.ts'
import type { Scoring } from '../../src/model/signal.ts'
import { createReading } from '../../src/relay/reading/reading.ts'
import type { NewMessage } from '../../src/store/store.ts'
import { type Sample, StoreFixture } from '../support/storeFixture.ts'
import { has, startRspamd, startSpamd } from './filters.ts'

const GTUBE = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'
const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const client = { address: '192.0.2.7', helo: 'client.acme.example', tls: undefined }
const everything = {
  account: undefined,
  unmatched: false,
  kind: undefined,
  since: undefined,
  unassigned: false,
  before: undefined,
  limit: 100,
}

function mail(text: string, from = 'a@acme.example', to = ['b@x.example']) {
  return { bytes: Buffer.from(text), from, to, client }
}

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A store with the watch of the engine over it, and the notices people got. */
async function watched(scoring: Partial<Scoring> = {}) {
  const fixture = await StoreFixture.open()
  cleanups.push(() => fixture.close())
  const { settings } = fixture.store
  await settings.set('scoring', { kind: 'built-in', url: '', timeoutMs: 5000, ...scoring })
  const policy: SignalPolicy = createSignalPolicy(settings)
  await policy.load()
  const notices: string[] = []
  const reader = createReading(quiet)
  cleanups.push(() => reader.stop())
  const options = { store: fixture.store, policy, reader, log: quiet }
  const samples = createScoring({ ...options, connect: connectScorer, notice: (text) => void notices.push(text) })
  const watch = createWatch({ ...options, scoring: samples, clock: { now: () => fixture.time } })
  return { fixture, policy, notices, samples, watch }
}

/** Accepts messages until one is drawn, as the engine does. */
async function untilSampled({ fixture, watch, samples }: Awaited<ReturnType<typeof watched>>, sample: Sample) {
  for (let i = 0; i < 10; i++) {
    const batch = Array.from({ length: 100 }, () => fixture.message({ credential: 1, ...sample }))
    const accepted = await Promise.all(batch.map((message) => accept(fixture, message)))
    for (const [message, sampled] of accepted) watch(message, sampled)
    const drawn = accepted.find(([, sampled]) => sampled)
    await samples.settled()
    if (drawn) return drawn[0].record.id
  }
  throw new Error('no message was drawn')
}

async function accept(fixture: StoreFixture, message: NewMessage): Promise<[NewMessage, boolean]> {
  return [message, (await fixture.store.queue.accept(message)).sampled]
}

describe('the built-in checks', () => {
  const html = (body: string) => `From: a@acme.example\r\nContent-Type: text/html\r\n\r\n${body}`

  test.each([
    ['GTUBE', `Subject: x\r\n\r\n${GTUBE}`],
    [
      'GTUBE',
      `Subject: x\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\n${Buffer.from(GTUBE).toString('base64')}`,
    ],
    ['LINK_TEXT_MISMATCH', html('<a href="http://evil.example/login">https://www.bank.com/login</a>')],
    ['LINK_TEXT_MISMATCH', html('<a class=x href=http://evil.example><b>bank.com</b></a>')],
    ['IP_LINK', html('<a href="http://192.0.2.77/pay">pay</a>')],
    ['IP_LINK', 'Subject: x\r\n\r\nlook at http://192.0.2.77/pay now'],
    ['SHOUTS_ABOUT_MONEY', 'From: a@acme.example\r\nSubject: WIN A MILLION DOLLARS NOW\r\n\r\nx'],
    ['FROM_NOT_ENVELOPE', 'From: a@other.example\r\n\r\nx'],
    ['FROM_NAME_HAS_OTHER_ADDRESS', 'From: "security@bank.com" <a@acme.example>\r\n\r\nx'],
    [
      'EXECUTABLE_ATTACHMENT',
      'From: a@acme.example\r\nContent-Type: application/octet-stream; name="invoice.pdf.exe"\r\nContent-Disposition: attachment; filename="invoice.pdf.exe"\r\n\r\nMZ',
    ],
  ])('find %s', async (symbol, text) => {
    expect((await builtInChecks(mail(text))).symbols).toContain(symbol)
  })

  test('say nothing about an ordinary letter', async () => {
    const text = html(
      '<a href="https://www.acme.example/news">www.acme.example</a> <a href="https://a.example">read</a>',
    )
    expect(await builtInChecks(mail(text))).toEqual({
      score: 0,
      symbols: [],
      fromMismatch: false,
      linkMismatch: false,
    })
  })

  const corpus = resolve(import.meta.dirname, '../../../shared/mail')
  function files(folder: string): string[] {
    return readdirSync(folder).flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? files(path) : [path]
    })
  }
  const hasCorpus = statSync(corpus, { throwIfNoEntry: false }) !== undefined

  test.skipIf(!hasCorpus)('flag next to none of the letters of mailing lists (needs the corpus)', async () => {
    const letters = files(join(corpus, 'notmuch'))
    const scores = []
    for (const path of letters) {
      const bytes = readFileSync(path)
      const from = /^From:.*?([^\s<>"]+@[^\s<>"]+)/im.exec(bytes.toString('latin1'))?.[1] ?? ''
      scores.push((await builtInChecks({ bytes, from, to: ['b@x.example'] })).score)
    }
    expect(scores.length).toBeGreaterThan(100)
    expect(scores.filter((score) => score >= 50).length / scores.length).toBeLessThan(0.01)
  })

  test.each([
    ['a million anchors', html('<a href=http://a.example>'.repeat(200_000))],
    ['an anchor without end', html(`<a ${'href=" '.repeat(150_000)}`)],
    ['open tags', html('<a '.repeat(350_000))],
    ['a million parts', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(150_000)}`],
    ['digits and dots', `Subject: x\r\n\r\nhttp://${'1.'.repeat(500_000)}`],
  ])('are done with %s', async (_, text) => {
    expect(await builtInChecks(mail(text))).toHaveProperty('score')
  })
})

test('a drawn message gets its score without being opened, and a signal that names symbols only', async () => {
  const parts = await watched()
  const id = await untilSampled(parts, { body: GTUBE, subject: 'SECRET-SUBJECT' })
  const { store } = parts.fixture
  const now = parts.fixture.time
  const { rows } = await store.samples.list({ account: 1, flagged: true, before: undefined, limit: 10, now })
  expect(rows.map(({ message }) => message)).toEqual([id])
  const { signals } = await store.signals.list(everything)
  expect(signals).toMatchObject([
    { account: 1, kind: 'spam score', weight: 100, messages: [id], source: 'built-in checks', case: undefined },
  ])
  expect(signals[0]!.summary).toBe('a sample scored 100 of 100 (built-in checks): GTUBE')
})

test('a sample under the threshold is scored and not flagged', async () => {
  const parts = await watched()
  await untilSampled(parts, { body: 'a letter like any other' })
  const { store, time: now } = parts.fixture
  expect((await store.samples.list({ account: 1, flagged: true, before: undefined, limit: 10, now })).rows).toEqual([])
  expect((await store.signals.list(everything)).signals).toEqual([])
})

test('a scorer that does not answer is told once, and the built-in checks take its place', async () => {
  const parts = await watched({ kind: 'rspamd', url: 'http://127.0.0.1:9' })
  const offered = parts.fixture.message({ credential: 1, body: GTUBE })
  for (let i = 0; i < 3; i++) parts.samples.offer(offered)
  await parts.samples.settled()
  expect(parts.notices).toHaveLength(1)
  expect(parts.notices[0]).toMatch(/^rspamd at http:\/\/127\.0\.0\.1:9 gives no scores .*built-in checks/)
  expect((await parts.fixture.store.signals.list(everything)).signals).toMatchObject([{ source: 'built-in checks' }])
})

test('more samples than can be scored at once stay without a score, and nothing waits for them', async () => {
  const { samples, fixture, watch } = await watched()
  const message = fixture.message({ credential: 1 })
  for (let i = 0; i < 500; i++) watch(message, true)
  await samples.settled()
})

describe.skipIf(!has('rspamd'))('rspamd, really running (skipped where it is not installed)', () => {
  test('scores a drawn message and names what it found', async () => {
    const rspamd = await startRspamd()
    cleanups.push(() => rspamd.stop())
    const parts = await watched({ kind: 'rspamd', url: `http://127.0.0.1:${rspamd.port}` })
    const id = await untilSampled(parts, { body: GTUBE, to: ['tom@kestrel.example', 'ann@bücher.example'] })
    expect(parts.notices).toEqual([])
    expect((await parts.fixture.store.signals.list(everything)).signals).toMatchObject([
      { kind: 'spam score', messages: [id], source: 'rspamd', weight: 100 },
    ])
    const score = connectScorer({ kind: 'rspamd', url: `http://127.0.0.1:${rspamd.port}`, timeoutMs: 5000 })!
    expect(await score(mail(`Subject: x\r\n\r\n${GTUBE}\r\n`))).toEqual({ score: 100, symbols: ['GTUBE'] })
    expect(await score(mail('From: a@acme.example\r\nSubject: x\r\n\r\nhello\r\n'))).toEqual({ score: 0, symbols: [] })
  }, 90_000)
})

describe.skipIf(!has('spamd'))('spamd, really running (skipped where it is not installed)', () => {
  test('scores a message and names what it found', async () => {
    const filter = await startSpamd()
    cleanups.push(() => filter.stop())
    const score = connectScorer({ kind: 'spamd', url: `spamd://127.0.0.1:${filter.port}`, timeoutMs: 20_000 })!
    const scored = async (body: string) =>
      bounded(await score(mail(`From: a@acme.example\r\nSubject: x\r\n\r\n${body}\r\n`)))
    expect(await scored(GTUBE)).toEqual({ score: 100, symbols: ['GTUBE'] })
    expect(await scored('cheap pills')).toEqual({ score: 25, symbols: ['PILLS'] })
    expect(await scored('hello')).toEqual({ score: 0, symbols: [] })
  }, 90_000)
})

describe('a scorer that misbehaves', () => {
  function serve(act: (socket: Socket) => void): Promise<number> {
    return new Promise((resolve) => {
      const sockets = new Set<Socket>()
      const server: Server = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => undefined)
        act(socket)
      }).listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
      cleanups.push(
        () =>
          new Promise<void>((done) => {
            for (const socket of sockets) socket.destroy()
            server.close(() => done())
          }),
      )
    })
  }
  const letter = mail('Subject: x\r\n\r\nx')
  const kinds = [
    ['rspamd', 'http'],
    ['spamd', 'spamd'],
  ] as const

  test.each(kinds)('%s: silence ends with the time given', async (kind, scheme) => {
    const port = await serve(() => undefined)
    const score = connectScorer({ kind, url: `${scheme}://127.0.0.1:${port}`, timeoutMs: 200 })!
    await expect(score(letter)).rejects.toThrow('no answer within 200 milliseconds')
  })

  test.each(kinds)('%s: an answer without end is cut', async (kind, scheme) => {
    const port = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const more = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      }
      socket.on('drain', more)
      more()
    })
    const score = connectScorer({ kind, url: `${scheme}://127.0.0.1:${port}`, timeoutMs: 5000 })!
    await expect(score(letter)).rejects.toThrow('the answer is too long')
  })

  test.each(kinds)('%s: an answer of something else is no score', async (kind, scheme) => {
    const port = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'))
    const score = connectScorer({ kind, url: `${scheme}://127.0.0.1:${port}`, timeoutMs: 5000 })!
    await expect(score(letter)).rejects.toThrow('cannot be understood')
  })
})

describe('where a scorer may be', () => {
  test.each([
    ['rspamd', 'http://127.0.0.1:11333', 'http://127.0.0.1:11333'],
    ['rspamd', 'http://[::1]:11333/', 'http://[::1]:11333'],
    ['rspamd', 'http://10.1.2.3:11333', 'http://10.1.2.3:11333'],
    ['rspamd', 'https://scan.acme.example', 'https://scan.acme.example'],
    ['spamd', 'spamd://127.0.0.1:783', 'spamd://127.0.0.1:783'],
    ['built-in', 'anything', ''],
  ] as const)('%s at %s', (kind, url, value) => {
    expect(checkScoringUrl(kind, url)).toEqual({ ok: true, value })
  })

  test.each([
    ['rspamd', 'http://203.0.113.9:11333'],
    ['rspamd', 'http://scan.acme.example'],
    ['rspamd', 'http://0177.0.0.1.evil.example'],
    ['rspamd', 'file:///etc/passwd'],
    ['rspamd', 'http://user:secret@127.0.0.1'],
    ['rspamd', 'http://127.0.0.1/other'],
    ['spamd', 'spamd://203.0.113.9:783'],
    ['spamd', 'http://127.0.0.1:783'],
    ['rspamd', ''],
  ] as const)('not %s at %s', (kind, url) => {
    expect(checkScoringUrl(kind, url).ok).toBe(false)
  })
})
