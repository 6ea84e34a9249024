/**
 * Killed (SIGKILL) at a system call that makes, writes, flushes, moves, cuts or unlinks a file: the next start heals what
 * is left, and nothing that was accepted is lost. `EVERY_KILL=1` tries each call, which takes some ten minutes; without
 * it every few of them, and each that ends a transaction by unlinking its journal.
 */

import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { logKey, StoreFixture, temporaryFolder } from '../support/storeFixture.ts'
import { noon, scenarios } from './killed.ts'

type Scenario = keyof typeof scenarios

const CALLS = 'pwrite64,write,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate,link,linkat,openat'
const script = resolve(import.meta.dirname, 'killed.ts')
const environment = { ...process.env, NODE_NO_WARNINGS: '1' }
const isEvery = process.env.EVERY_KILL === '1'

/** A system call of a scenario: the `when`-th of its name on that file in one thread. */
interface Call {
  name: string
  /** within the folder of the scenario */
  file: string
  when: number
}

function why(): string {
  const { error, status, stderr } = spawnSync('strace', ['-qq', '--seccomp-bpf', '-f', '-e', 'trace=openat', 'true'])
  if (error) return 'strace is not installed'
  return status === 0 ? '' : `strace may not trace here: ${stderr.toString().trim()}`
}
const reason = why()
if (reason) console.warn(`killed at system calls: skipped, ${reason}`)

let root: { path: string; remove(): void }
beforeEach(() => {
  root = temporaryFolder()
})
afterEach(() => root.remove())

/** Runs a scenario to its end. Returns its calls on files in its folder, in order. */
function trace(scenario: Scenario, folder: string): Call[] {
  const file = join(root.path, 'trace')
  const words = ['-f', '-qq', '-y', '--seccomp-bpf', '-s', '0', '-e', `trace=${CALLS}`, '-o', file]
  const run = spawnSync('strace', [...words, process.execPath, script, scenario, folder], { env: environment })
  expect(run.stdout.toString()).toMatch(/done\n$/)
  const counts = new Map<string, number>()
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, thread, name, rest] = /^(\d+) +(\w+)\((.*)$/.exec(line) ?? []
      const path = rest && callPath(rest, folder)
      if (!path || (name === 'openat' && !rest.includes('O_CREAT'))) return []
      const key = `${thread} ${name} ${path}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return [{ name: name!, file: path, when: counts.get(key)! }]
    })
}

/** Which file in the folder a call is about. */
function callPath(rest: string, folder: string): string | undefined {
  const at = rest.indexOf(`${folder}/`)
  return at < 0 ? undefined : /^[^">]+/.exec(rest.slice(at + folder.length + 1))?.[0]
}

/** Calls that are tried: the log and its index are written too often for each to be. */
function chosen(calls: Call[], step: number): Call[] {
  const distinct = [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()]
  // names that are drawn by lot are others in the next run
  const known = distinct.filter(({ file }) => !/[0-9a-f]{16}/.test(file))
  if (isEvery) return known
  const rare = known.filter(
    ({ name, file }) => !/-(?:wal|shm)$/.test(file) || /^(?:unlink|rename|ftruncate)/.test(name),
  )
  const ends = rare.filter(({ name, file }) => name === 'unlink' && file.endsWith('-journal'))
  return [...new Set([...ends, ...rare.filter((_, index) => index % step === 0)])]
}

interface Killed {
  folder: string
  /** what the scenario had written down by then */
  said: string[]
}

async function killAt(scenario: Scenario, { name, file, when }: Call, folder: string): Promise<Killed> {
  const inject = `inject=${name}:signal=KILL:when=${when}`
  // with --seccomp-bpf nothing would be injected where calls are told by their files
  const traced = ['-f', '-qq', '-o', '/dev/null', '-P', join(folder, file), '-e', `trace=${name}`]
  const child = spawn('strace', [...traced, '-e', inject, process.execPath, script, scenario, folder], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let text = ''
  for await (const piece of child.stdout) text += String(piece)
  return { folder, said: text.split('\n').slice(0, -1) }
}

/** Kills a scenario at each of the calls chosen, some at a time, and judges what each left. */
async function killAll(
  scenario: Scenario,
  step: number,
  judge: (killed: Killed) => Promise<void>,
  prepare: (folder: string) => void = (folder) => mkdirSync(folder),
): Promise<void> {
  const model = join(root.path, 'model')
  prepare(model)
  const calls = chosen(trace(scenario, model), step)
  expect(calls.length).toBeGreaterThan(3)
  const problems: string[] = []
  let survived = 0
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < calls.length; index = next++) {
      const folder = join(root.path, String(index))
      prepare(folder)
      const killed = await killAt(scenario, calls[index]!, folder)
      if (killed.said.at(-1) === 'done') survived++
      await judge(killed).catch((error) =>
        problems.push(`${JSON.stringify(calls[index])}: ${(error as Error).message}`),
      )
      rmSync(folder, { recursive: true })
    }
  }
  await Promise.all(Array.from({ length: Math.min(2, cpus().length) }, work))
  expect(problems).toEqual([])
  // threads may share the calls on a file otherwise than before
  expect(survived / calls.length).toBeLessThan(0.5)
}

async function judgeStore({ folder, said }: Killed): Promise<void> {
  const fixture = await StoreFixture.on(folder, logKey, noon)
  try {
    const { store } = fixture
    const [first, , , waiting] = said.filter((line) => line !== 'done').map(Number)
    if (first !== undefined) expect(await store.log.get(first)).toBeDefined()
    if (waiting !== undefined) await judgeBody(fixture, waiting)
    expect(store.notices).toEqual([])
    await store.retention.purge(noon + 80 * DAY_MS)
    const found = await store.retention.findings(noon + 80 * DAY_MS)
    expect(found).toMatchObject({ pendingReceipts: 0, orphans: 0 })
  } finally {
    await fixture.store.stop()
  }
  const left = readdirSync(folder, { recursive: true }).map(String)
  expect(left.filter((name) => name.endsWith('-journal'))).toEqual([])
}

/** A message that waits has its whole body. */
async function judgeBody({ store }: StoreFixture, message: number): Promise<void> {
  await store.queue.recover(noon)
  const job = { message, destination: 'kestrel.example', ordinals: [0], nextAttemptAt: noon }
  const claimed = await store.queue.claim([job], noon)
  expect(claimed.map(({ body }) => body.length > 100_000)).toEqual([true])
}

test.skipIf(reason)(
  'killed while a store makes, moves, writes anew or destroys a file, its next start heals it',
  () => killAll('store', 24, judgeStore),
  isEvery ? 3_600_000 : 180_000,
)

test.skipIf(reason)(
  'killed while a file of samples is made, the next start heals it',
  async () => {
    const judge = async ({ folder }: Killed) => {
      scenarios.samples(folder)
      expect(readdirSync(join(folder, 'samples'))).toEqual(['2026-09-01.db'])
    }
    await killAll('samples', 4, judge, (folder) => mkdirSync(join(folder, 'samples'), { recursive: true }))
  },
  120_000,
)

test.skipIf(reason)(
  'killed while the key, the card and the ledger of a folder are made, the next start makes them',
  () => killAll('keys', 2, async ({ folder }) => scenarios.keys(folder)),
  120_000,
)

test.skipIf(reason)(
  'killed while a damaged main database is replaced, the next start goes on with it and loses no mail',
  async () => {
    const whole = await StoreFixture.open(noon)
    const { id } = await damaged(whole)
    const prepare = (folder: string) => cpSync(whole.folder, folder, { recursive: true })
    const judge = async ({ folder }: Killed) => {
      const fixture = await StoreFixture.on(folder, logKey, noon)
      const rows = await fixture.store.log.rows([id])
      await fixture.store.stop()
      expect(rows).toHaveLength(1)
      expect(readdirSync(folder).filter((name) => /\.(?:whole|rescued)/.test(name))).toEqual([])
    }
    await killAll('rescue', 16, judge, prepare)
    rmSync(whole.folder, { recursive: true })
  },
  120_000,
)

/** Accepts a message, and damages the index of another table. */
async function damaged(fixture: StoreFixture): Promise<{ id: number }> {
  const message = fixture.message()
  await fixture.store.queue.accept(message)
  for (let count = 0; count < 40; count++)
    await fixture.store.settings.set(`soil.${count}`, 'x'.repeat(8000), {
      ...{ at: noon, actor: 'local', action: 'test', object: 'test', reason: '', details: {}, facts: {} },
    })
  await fixture.store.stop()
  const path = join(fixture.folder, 'mailward.db')
  const content = readFileSync(path)
  writeFileSync(path, content.fill(0xff, content.length - 8192 * 3, content.length - 8192 * 2))
  return { id: message.record.id }
}
