/**
 * One person with 10,000 messages among many: how long a search over everything takes, reading all of the person's
 * records, and erasing them. `npm run bench -- persons [--records 1000000] [--hits 10000] [--folder DIR] [--no-erase]`
 */

import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '../src/store/index.ts'
import type { Store } from '../src/store/store.ts'
import type { Erased, SubjectScope, SubjectSearch } from '../src/store/subjects.ts'
import { benchKey, fill } from './fill.ts'

const now = Date.now()
const ADDRESS = 'tom.miller@kestrel.example'
const PAGE = 500
/** Search and records of a person, seconds. */
const BUDGET = 60
const work = { progress: () => undefined, isCancelled: () => false }
const scope: SubjectScope = { address: ADDRESS, account: undefined }

async function seconds<T>(run: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now()
  const result = await run()
  return [(performance.now() - began) / 1000, result]
}

async function allRecords(store: Store): Promise<number> {
  let count = 0
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await store.subjects.records(scope, after, PAGE)
    count += page.records.length
    after = page.next
  }
  return count
}

/** The longest the reader kept a search of the log waiting meanwhile, milliseconds. */
async function waiting(store: Store, during: Promise<unknown>): Promise<number> {
  let longest = 0
  let running = true
  void during.finally(() => {
    running = false
  })
  while (running) {
    const [took] = await seconds(() => store.log.search({ account: 'account1' }, 50, undefined, 10_000))
    longest = Math.max(longest, took * 1000)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return longest
}

async function erase(store: Store): Promise<Erased> {
  const order = { request: 1, actor: 'bench', at: now, reason: 'bench', keepRequests: [] }
  return store.subjects.erase(scope, order, work)
}

/** Runs the persons bench. Returns whether search and records held their budget. */
export async function benchPersons(argv: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: argv,
    allowNegative: true,
    options: {
      records: { type: 'string', default: '1000000' },
      hits: { type: 'string', default: '10000' },
      folder: { type: 'string' },
      erase: { type: 'boolean', default: true },
    },
  })
  const records = Number(values.records)
  const hits = Number(values.hits)
  const folder = join(values.folder ?? join(tmpdir(), 'mailward-bench-persons'), 'data')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  try {
    const person = { address: ADDRESS, every: Math.max(1, Math.floor(records / hits)) }
    const [filling] = await seconds(() => fill({ folder, key: benchKey, records, days: 70, now, person }))
    console.log(`filled ${records} records over 70 days in ${filling.toFixed(0)} s`)
    const store = await openStore({ folder, logKey: benchKey, now: () => now })
    const searching = seconds(() => store.subjects.search(scope, work))
    const longest = await waiting(store, searching)
    const [search, found] = (await searching) as [number, SubjectSearch]
    const [reading, read] = await seconds(() => allRecords(store))
    const count = found.places.find(({ place }) => place === 'header records')?.count ?? 0
    console.log(`search over everything: ${count} header records in ${search.toFixed(1)} s`)
    console.log(`  searches of the log meanwhile waited at most ${longest.toFixed(0)} ms`)
    console.log(`records(): ${read} in ${reading.toFixed(1)} s`)
    if (values.erase) {
      const [erasing, erased] = await seconds(() => erase(store))
      console.log(`erasure: ${erased.headers} records in ${erasing.toFixed(1)} s, ${erased.receipts.length} receipts`)
    }
    await store.stop()
    const ok = search + reading < BUDGET && read === count
    console.log(`  search and records within ${BUDGET} s: ${ok ? 'holds' : 'MISSED'}`)
    return ok
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
