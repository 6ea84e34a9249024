/**
 * The header log at size: first page of every single filter, deep paging, and the deletion of a whole day while mail
 * comes in. `npm run bench -- log [--records N] [--day-records N] [--folder DIR]`
 */

import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { MessageFilter } from '../src/model/filter.ts'
import { DAY_MS } from '../src/model/retention.ts'
import { openStore } from '../src/store/index.ts'
import type { Receipt } from '../src/store/retention.ts'
import { Channel } from '../src/store/sqlite/thread/channel.ts'
import type { HistorySubjects } from '../src/store/sqlite/threads/history.ts'
import type { WriterSubjects } from '../src/store/sqlite/threads/writerSubjects.ts'
import type { Store } from '../src/store/store.ts'
import { benchKey, fill } from './fill.ts'

const now = Date.now()
const PAGE = 50
const ROUNDS = 40

/** What is asked: each filter alone, with values that are common, rare and absent. */
function questions(messageId: string): [string, () => MessageFilter][] {
  const any = (n: number): number => Math.floor(Math.random() * n)
  const domain = (): string => `customer${any(20_000)}.example`
  return [
    ['nothing', () => ({})],
    ['to: one address', () => ({ to: `tom${any(50)}@${domain()}` })],
    ['to: one domain', () => ({ to: `@${domain()}` })],
    ['to: a word', () => ({ to: `lena vogel${any(50)}` })],
    ['from: one address', () => ({ from: `billing@account${1 + any(40)}.example` })],
    ['from: absent', () => ({ from: `nobody${any(1e6)}@nowhere.example` })],
    ['account', () => ({ account: `account${1 + any(40)}` })],
    ['subject: common word', () => ({ subject: 'invoice' })],
    ['subject: beginning of a word', () => ({ subject: 'rem' })],
    ['subject: one number', () => ({ subject: String(any(1e6)) })],
    ['free text, common', () => ({ text: 'newsletter' })],
    ['free text, two words', () => ({ text: `order ${any(1e6)}` })],
    ['free text, an address', () => ({ text: `pia${any(50)}@${domain()}` })],
    ['status delivered', () => ({ status: 'delivered' })],
    ['status failed', () => ({ status: 'failed' })],
    ['status cancelled', () => ({ status: 'cancelled' })],
    ['status held (none)', () => ({ status: 'held' })],
    ['ip', () => ({ ip: `10.0.${1 + any(40)}.${any(8)}` })],
    ['message-id', () => ({ messageId })],
    ['size>', () => ({ largerThan: 2 ** (12 + any(11)) })],
    ['size<', () => ({ smallerThan: 2 ** (9 + any(8)) })],
    ['in doubt', () => ({ inDoubt: true })],
    ['since', () => ({ since: now - any(70) * DAY_MS })],
    ['until', () => ({ until: now - any(69) * DAY_MS - any(DAY_MS) })],
  ]
}

function percentile(sorted: number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))]!
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await run()
  return performance.now() - began
}

async function measureFilters(store: Store): Promise<boolean> {
  const middle = await store.log.search({ until: now - 30 * DAY_MS }, 1, undefined, 10_000)
  let slowest = 0
  console.log(`\nfirst page of ${PAGE}, ${ROUNDS} times each, ms           median     p95     max`)
  for (const [name, question] of questions(middle.rows[0]!.messageId)) {
    const times: number[] = []
    for (let i = 0; i < ROUNDS; i++) {
      times.push(await timed(() => store.log.search(question(), PAGE, undefined, 60_000)))
    }
    times.sort((a, b) => a - b)
    const [median, p95, max] = [percentile(times, 0.5), percentile(times, 0.95), times.at(-1)!]
    slowest = Math.max(slowest, p95)
    console.log(`  ${name.padEnd(40)} ${[median, p95, max].map((ms) => ms.toFixed(1).padStart(9)).join('')}`)
  }
  const ok = slowest < 50
  console.log(`  slowest p95 ${slowest.toFixed(1)} ms, budget 50 ms: ${ok ? 'holds' : 'MISSED'}`)
  return ok
}

async function measureScrolling(store: Store): Promise<boolean> {
  const times: number[] = []
  let cursor: string | undefined
  for (let page = 0; page < 500; page++) {
    times.push(
      await timed(async () => {
        cursor = (await store.log.search({}, 200, cursor, 60_000)).next
      }),
    )
    if (page % 50 === 49) cursor = String(Math.floor(Number(cursor) * 0.999))
  }
  times.sort((a, b) => a - b)
  const ok = times.at(-1)! < 100
  const [median, p99] = [percentile(times, 0.5), percentile(times, 0.99)].map((ms) => ms.toFixed(1))
  console.log(`\nscrolling, 500 pages of 200 by key: median ${median}, p99 ${p99}, max ${times.at(-1)!.toFixed(1)} ms`)
  console.log(`  budget 100 ms: ${ok ? 'holds' : 'MISSED'}`)
  return ok
}

/** What the store does by itself once a day has settled, a small step at a time: indexes merged, digests computed. */
export async function recordResult(folder: string, logKey: Uint8Array, at: number): Promise<void> {
  const writer = new Channel<WriterSubjects>({ role: 'writer', folder, logKey })
  const history = new Channel<HistorySubjects>({ role: 'history', folder, logKey })
  for (;;) {
    const { done, more } = await history.calls.days.tidy(at)
    if (done) await writer.calls.retention.keepDigest(done.day, done.digest, done.records)
    if (!more) break
  }
  await history.stop()
  await writer.stop()
}

async function measureDeletion(records: number, parent: string): Promise<boolean> {
  const folder = join(parent, 'one-day')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const past = now - 71 * DAY_MS
  await fill({ folder, key: benchKey, records, days: 1, now: past })
  await recordResult(folder, benchKey, past + 8 * DAY_MS)
  const store = await openStore({ folder, logKey: benchKey, now: () => past })
  const before = (await store.log.search({}, PAGE, undefined, 10_000)).rows.length
  let gone: Receipt[] = []
  const ms = await timed(async () => {
    gone = await store.retention.purge(now)
  })
  const after = (await store.log.search({}, PAGE, undefined, 10_000)).rows.length
  await store.stop()
  rmSync(folder, { recursive: true, force: true })
  const ok = ms < 100 && after === 0 && before === PAGE
  console.log(`\ndeleting ${gone.map(({ day, headers }) => `${day}: ${headers} records`).join()}: ${ms.toFixed(1)} ms`)
  console.log(`  budget 100 ms: ${ok ? 'holds' : 'MISSED'}`)
  return ok
}

/** Runs the log bench. Returns whether every budget held. */
export async function benchLog(argv: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: argv,
    options: {
      records: { type: 'string', default: '1000000' },
      'day-records': { type: 'string', default: '1000000' },
      folder: { type: 'string' },
    },
  })
  const records = Number(values.records)
  const parent = values.folder ?? join(tmpdir(), 'mailward-bench-log')
  const folder = join(parent, 'data')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  try {
    const began = performance.now()
    await fill({
      folder,
      key: benchKey,
      records,
      days: 70,
      now,
      onProgress: (done) => process.stdout.write(`\rfilling ${done}`),
    })
    console.log(`\rfilled ${records} records over 70 days in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    const store = await openStore({ folder, logKey: benchKey, now: () => now })
    const results = [await measureFilters(store), await measureScrolling(store)]
    console.log(`\nmemory of the process: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`)
    await store.stop()
    rmSync(folder, { recursive: true, force: true })
    results.push(await measureDeletion(Number(values['day-records']), parent))
    return results.every(Boolean)
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
}
