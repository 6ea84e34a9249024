/**
 * Day 69, 70 and 71 of a whole relay: `mailward serve` under libfaketime, mail over SMTP, everything looked for afterwards
 * in files, databases and the text log.
 */

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReceiptView, RetentionOverview } from '../../src/contract/retention.ts'
import { DAY_MS } from '../../src/model/retention.ts'
import { BLOCK } from '../../src/model/sampling.ts'
import { CommandLine, type Served, serve } from '../cli/support.ts'
import { findDecrypted, findIn, findInFiles } from '../support/canary.ts'
import { type Sink, startSink } from '../support/sink.ts'

/** The library that `faketime` puts before every process; empty where there is none. */
const library =
  process.platform === 'linux'
    ? (spawnSync('faketime', ['-f', '+0d', 'printenv', 'LD_PRELOAD']).stdout?.toString().trim() ?? '')
    : ''

const canaries = {
  subject: 'Betreff-Kanarie-8c41d2',
  sender: 'absender-kanarie-8c41d2@acme.example',
  recipient: 'empfaenger-kanarie-8c41d2@kestrel.example',
  header: 'Kopfzeilen-Kanarie-8c41d2',
  body: 'Rumpf-Kanarie-8c41d2',
}
const all = Object.values(canaries)

const commandLine = new CommandLine()
const folder = () => join(commandLine.root, 'data', 'mailward')
let sink: Sink
let text = ''

/** Starts the relay so many days ahead. */
async function start(days: number): Promise<Served> {
  commandLine.environment = days === 0 ? {} : { LD_PRELOAD: library, FAKETIME: `+${days}d` }
  const served = await serve(commandLine, '--log=debug')
  commandLine.environment = {}
  return served
}

/** Stops the relay; what it has logged is kept. */
async function end(served: Served): Promise<void> {
  await served.end('SIGTERM')
  text += served.text()
}

function logKey(): Uint8Array {
  const keys = join(commandLine.root, 'config', 'mailward')
  const name = readdirSync(keys).find((file) => file.endsWith('.key') && !file.includes('seal'))!
  return Buffer.from(readFileSync(join(keys, name), 'latin1').trim(), 'hex')
}

/** Sends a full block of messages, so that exactly one of them is sampled. */
async function sendBlock(served: Served): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: served.port('smtp'),
    requireTLS: true,
    pool: true,
    maxConnections: 10,
    maxMessages: Number.POSITIVE_INFINITY,
    auth: { user: 'acme', pass: 'secret secret' },
    tls: { rejectUnauthorized: false },
  })
  const letter = {
    from: canaries.sender,
    to: canaries.recipient,
    subject: canaries.subject,
    headers: { 'X-Canary': canaries.header },
    text: `${'Guten Tag. '.repeat(20)}${canaries.body}`,
  }
  await Promise.all(Array.from({ length: BLOCK }, () => transport.sendMail(letter)))
  transport.close()
}

interface Status {
  queue: { queued: number; sending: number; deferred: number }
  samples: { stored: number }
  retention: { oldestHeader: string | null; oldestSample: string | null; overdue: number; alarms: string[] }
}

const status = () => commandLine.json<Status>(['status'])
const messages = () => commandLine.jsonLines<{ id: string }>(['messages', '--limit', '2000'])

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wait) => setTimeout(wait, 200))
}

beforeAll(async () => {
  sink = await startSink()
})
afterAll(async () => {
  await commandLine.remove()
  await sink.stop()
})

test.skipIf(library === '')(
  'everything is there on day 69 and nothing on day 71, also when the clock falls back (needs the Debian package faketime)',
  async () => {
    let served = await start(0)
    await commandLine.json(['account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example'])
    await commandLine.json(['credential', 'add', 'acme', '--password-stdin'], 'secret secret')
    await commandLine.json(['route', 'set', '*', 'smarthost', `127.0.0.1:${sink.port}`, '--tls', 'none'])
    await sendBlock(served)
    await until(async () => {
      const { queue, samples } = await status()
      return queue.queued + queue.sending + queue.deferred === 0 && samples.stored === 1
    })
    await end(served)

    // delivered: the body is nowhere, and what is kept lies behind its keys
    expect(findInFiles(folder(), all)).toEqual([])
    expect(findDecrypted(folder(), logKey(), [canaries.body])).toEqual([])
    for (const canary of [canaries.subject, canaries.sender, canaries.recipient, canaries.header])
      expect(findDecrypted(folder(), logKey(), [canary]), canary).not.toEqual([])

    served = await start(69)
    expect(await messages()).toHaveLength(BLOCK)
    expect(await status()).toMatchObject({ samples: { stored: 1 }, retention: { overdue: 0, alarms: [] } })
    const plan = ['retention', '--dry-run', '--at', new Date(Date.now() + 71 * DAY_MS).toISOString()]
    expect(await commandLine.json(plan)).toMatchObject({ headers: BLOCK, samples: 1 })
    await end(served)

    for (const days of [70, 71]) {
      served = await start(days)
      expect(await messages()).toEqual([])
      const empty = { samples: { stored: 0 }, retention: { oldestHeader: null, oldestSample: null, alarms: [] } }
      expect(await status()).toMatchObject(empty)
      await end(served)
    }

    served = await start(71)
    const receipts = await commandLine.jsonLines<ReceiptView>(['receipts'])
    expect(receipts.reduce((sum, { headers }) => sum + headers, 0)).toBe(BLOCK)
    expect(receipts.reduce((sum, { samples }) => sum + samples, 0)).toBe(1)
    for (const receipt of receipts) expect(receipt).toMatchObject({ kind: 'retention', valid: true, bytesAfter: 0 })
    const { checks } = await commandLine.json<RetentionOverview>(['retention'])
    expect(checks.filter(({ state }) => state === 'broken')).toEqual([])
    await end(served)

    expect(findInFiles(folder(), all)).toEqual([])
    expect(findDecrypted(folder(), logKey(), all)).toEqual([])
    expect(findIn('text log', Buffer.from(text), all)).toEqual([])
    expect(text).toContain('a day was destroyed')

    served = await start(0)
    expect(await messages()).toEqual([])
    const { retention } = await status()
    expect(retention.alarms).toEqual([
      expect.stringMatching(/^the clock fell back from .* to .*: say whether it is right/),
    ])
    await end(served)
  },
  180_000,
)

test.skipIf(library === '')(
  'a clock that leaps ahead while the relay runs hides at once and destroys nothing (needs the Debian package faketime)',
  async () => {
    const own = new CommandLine()
    const clock = join(own.root, 'clock')
    const set = (days: number) => writeFileSync(clock, `+${days}d\n`)
    try {
      set(0)
      own.environment = {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: clock,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      }
      const served = await serve(own)
      own.environment = {}
      await own.json(['account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example'])
      await own.json(['credential', 'add', 'acme', '--password-stdin'], 'secret secret')
      await own.json(['route', 'set', '*', 'smarthost', `127.0.0.1:${sink.port}`, '--tls', 'none'])
      const transport = createTransport({
        host: '127.0.0.1',
        port: served.port('smtp'),
        requireTLS: true,
        auth: { user: 'acme', pass: 'secret secret' },
        tls: { rejectUnauthorized: false },
      })
      await transport.sendMail({ from: 'ann@acme.example', to: 'tom@kestrel.example', text: 'hello' })
      transport.close()
      const listed = () => own.jsonLines(['messages'])
      const overview = () => own.json<RetentionOverview>(['retention'])
      await until(async () => (await overview()).days.length === 1)

      set(71)
      expect(await listed()).toEqual([])
      expect(await own.json(['retention', 'run'])).toEqual({ receipts: [] })
      expect(await overview()).toMatchObject({ days: [{ headers: 1 }], clock: { headers: 1 } })
      expect((await overview()).alarms).toEqual([expect.stringMatching(/^the clock leapt ahead from /)])

      set(0)
      expect(await listed()).toHaveLength(1)
      expect(await overview()).toMatchObject({ clock: null, alarms: [] })
      await served.end('SIGTERM')
    } finally {
      await own.remove()
      rmSync(clock, { force: true })
    }
  },
  60_000,
)
