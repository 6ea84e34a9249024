/** Legal holds that overlap, of an address and of a time range, in a whole relay under libfaketime. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReceiptView, RetentionOverview } from '../../src/contract/retention.ts'
import { DAY_MS } from '../../src/model/retention.ts'
import { CommandLine, type Served, serve, submitTo } from '../cli/support.ts'
import { daysAhead, noFaketime } from '../support/faketime.ts'
import { type Sink, startSink } from '../support/sink.ts'

let sink: Sink
beforeAll(async () => {
  sink = await startSink()
})
afterAll(() => sink.stop())

const clara = 'clara@kestrel.example'
const tom = 'tom@kestrel.example'
const nina = 'nina@kestrel.example'

test.skipIf(noFaketime !== undefined).each([
  ['the time range first', [2, 1], [clara]],
  ['the address first', [1, 2], [clara, tom]],
])(
  'holds that overlap, released %s, keep what either covers and nothing else (needs faketime)',
  async (_, order, between) => {
    const line = new CommandLine()
    const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()
    const start = async (days: number): Promise<Served> => {
      line.environment = days === 0 ? {} : daysAhead(days)
      const served = await serve(line)
      line.environment = {}
      return served
    }
    const seen = async () => (await line.jsonLines<{ subject: string }>(['messages'])).map(({ subject }) => subject)
    const archived = async (records: number) => {
      const kept = async () => (await line.json<RetentionOverview>(['retention'])).days
      while ((await kept()).reduce((sum, { headers }) => sum + headers, 0) < records)
        await new Promise((wait) => setTimeout(wait, 200))
    }
    const receipts = async () => (await line.jsonLines<ReceiptView>(['receipts'])).toReversed()
    const place = (scope: string[]) => line.json(['hold', 'place', ...scope, '--reason', 'court order'])
    const release = async (id: number) => {
      await line.json(['hold', 'release', String(id), '--reason', 'withdrawn'])
      await line.json(['retention', 'run'])
    }
    try {
      let served = await start(0)
      await line.json(['account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example'])
      await line.json(['credential', 'add', 'acme', '--password-stdin'], 'secret secret')
      await line.json(['route', 'set', '*', 'smarthost', `127.0.0.1:${sink.port}`, '--tls', 'none'])
      const until = at(0.01)
      await submitTo(served, clara, clara)
      await submitTo(served, tom, tom)
      await archived(2)
      await served.end('SIGTERM')

      served = await start(1)
      await submitTo(served, nina, nina)
      await archived(3)
      await served.end('SIGTERM')

      // on the last day but one, and minutes before the end
      served = await start(69)
      await place(['--address', clara])
      await served.end('SIGTERM')
      served = await start(69.999)
      await place(['--since', at(-1), '--until', until])
      expect((await seen()).sort()).toEqual([clara, nina, tom])
      await served.end('SIGTERM')

      served = await start(72)
      expect((await seen()).sort()).toEqual([clara, tom])
      expect((await receipts()).map(({ kind, headers }) => [kind, headers])).toContainEqual(['retention', 1])
      await release(order[0]!)
      expect((await seen()).sort()).toEqual(between)
      await release(order[1]!)
      expect(await seen()).toEqual([])
      const all = await receipts()
      expect(all.reduce((sum, { headers }) => sum + headers, 0)).toBe(3)
      expect(all.every(({ valid }) => valid)).toBe(true)
      const { checks, alarms } = await line.json<RetentionOverview>(['retention'])
      expect([checks.filter(({ state }) => state === 'broken'), alarms]).toEqual([[], []])
      await served.end('SIGTERM')
    } finally {
      await line.remove()
    }
  },
  120_000,
)
