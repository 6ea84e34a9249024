/** An export of a real relay is verified by a program that is not ours: Python, as printed in docs/audit.md. */

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportAudit } from '../../src/cli/auditExport.ts'
import { DAY_MS } from '../../src/model/retention.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { startTestRelay, type TestRelay } from '../relay/support.ts'
import { StoreFixture } from '../support/storeFixture.ts'

const program = resolve(import.meta.dirname, 'verify_export.py')
const page = resolve(import.meta.dirname, '../../docs/audit.md')
const run = promisify(execFile)

/** Why the program cannot be run here; undefined when it can. */
async function hindrance(): Promise<string | undefined> {
  try {
    await run('python3', ['-c', 'from cryptography.hazmat.primitives.asymmetric import ed25519'])
    return undefined
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'python3 is missing'
      : 'its package cryptography is missing'
  }
}
const missing = await hindrance()

let relay: TestRelay
let folder: string
const place = () => join(folder, 'checkpoints.jsonl')
const path = () => join(folder, 'export.jsonl')

/** A log with closed blocks, a restore, a receipt of a day that went, an erasure, names of any script, checkpoints. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailward-export-'))
  relay = await startTestRelay()
  const { accounts } = relay.local
  await relay.local.audit.setTarget({ place: place() })
  await accounts.add({ name: 'acme', contact: 'ops@acme.example' })
  await accounts.addCredential({ account: 'acme', kind: 'address', range: '192.0.2.0/24' })
  await relay.whileStopped(submit)
  const { audit } = relay.local
  const reason = 'Straße „ß“ \u2028 line\nbreak \\ "quoted" 𝄞'
  const { rows } = await audit.list({ action: 'accounts' })
  await audit.erase({ sequences: [rows[0]!.sequence], reason })
  await audit.checkpoint()
  await exportAudit(relay.local, path())
})
afterAll(async () => {
  await relay.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Two full blocks of an account and one that a restore left open, and a day that is over. */
async function submit(): Promise<void> {
  const logKey = Buffer.from(readFileSync(join(relay.folder, '..', 'log.key'), 'latin1').trim(), 'hex')
  const past = await StoreFixture.on(relay.folder, logKey, Date.now() - 75 * DAY_MS)
  await past.deliver()
  await past.archived(1)
  await past.close()
  const fixture = await StoreFixture.on(relay.folder, logKey)
  await submitTo(fixture, 2010)
  await fixture.store.stop()
  // as a backup has it: the numbering goes on with a new block
  const main = openConnection({ path: join(relay.folder, 'mailward.db'), key: logKey, cacheKiB: 512 })
  main.exec("UPDATE draw SET taken = 1000, position = 0, secret = x''")
  main.close()
  const restored = await StoreFixture.on(relay.folder, logKey)
  const said = { actor: 'local', action: 'custody.restore', object: 'backup 0011223344556677', reason: '', details: {} }
  await restored.store.audit.append({ at: Date.now(), ...said, facts: { backup: '0011223344556677' } })
  await submitTo(restored, 5)
  await restored.close()
}

async function submitTo(fixture: StoreFixture, messages: number): Promise<void> {
  const all = Array.from({ length: messages }, () => fixture.message({ credential: 1, state: 'held' }))
  await Promise.all(all.map((one) => fixture.store.queue.accept(one)))
}

function lines(): Record<string, unknown>[] {
  return readFileSync(path(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** What the program says of an export that was changed in one line. */
async function verdict(change: (all: Record<string, unknown>[]) => void, ...given: string[]): Promise<string> {
  const all = lines()
  change(all)
  const changed = join(folder, 'changed.jsonl')
  writeFileSync(changed, all.map((one) => `${JSON.stringify(one)}\n`).join(''))
  const ran = await run('python3', [program, changed, ...given]).catch((fault: { stderr: string }) => fault)
  return 'stdout' in ran && ran.stderr === '' ? ran.stdout : ran.stderr
}

test('the program is the one of the documentation', () => {
  expect(readFileSync(page, 'utf8')).toContain(readFileSync(program, 'utf8').trim())
})

test('an export is for its owner only, and is recorded in the log', async () => {
  expect(statSync(path()).mode & 0o777).toBe(0o600)
  const header = lines()[0] as { rows: number; head: string }
  const last = lines().findLast(({ type }) => type === 'row')
  expect(last).toMatchObject({ action: 'audit.export', sequence: header.rows, hash: header.head })
})

test('a row can be computed by hand', () => {
  const [first, second] = lines().filter(({ type }) => type === 'row')
  const { sequence, at, action, facts, commitment } = second!
  const text = JSON.stringify([first!.hash, sequence, at, action, ...(facts === null ? [] : [facts]), commitment])
  expect(createHash('sha256').update(text).digest('hex')).toBe(second!.hash)
})

describe.skipIf(missing !== undefined)(`somebody who trusts nobody${missing ? ` (${missing})` : ''}`, () => {
  const row = (all: Record<string, unknown>[], action: string) => all.find((one) => one.action === action)!

  test('finds it good', async () => {
    const said = await verdict(() => undefined, place())
    expect(said).toMatch(/^good: \d+ rows, 2 closed blocks, head [0-9a-f]{64}\n$/)
    expect(lines().filter(({ type }) => type === 'receipt')).toHaveLength(1)
    expect(lines().filter(({ type }) => type === 'checkpoint').length).toBeGreaterThan(2)
  })

  test.each<[string, (all: Record<string, unknown>[]) => void, RegExp]>([
    ['a row that was changed', (all) => Object.assign(row(all, 'accounts.add'), { at: 1 }), /row \d+ was changed/],
    [
      'a personal part',
      (all) => Object.assign(row(all, 'relay.start'), { personal: '{}' }),
      /personal part of row \d+/,
    ],
    ['an erasure in silence', (all) => Object.assign(row(all, 'relay.start'), { personal: null }), /in silence/],
    ['a missing row', (all) => all.splice(3, 1), /row \d+ is missing/],
    [
      'a missing end',
      (all) =>
        all.splice(
          all.findLastIndex(({ type }) => type === 'row'),
          1,
        ),
      /the end of the log/,
    ],
    [
      'a missing receipt',
      (all) =>
        all.splice(
          all.findIndex(({ type }) => type === 'receipt'),
          1,
        ),
      /receipts are missing/,
    ],
    [
      'a changed receipt',
      (all) => Object.assign(all.find(({ type }) => type === 'receipt')!, { headers: 0 }),
      /InvalidSignature/,
    ],
    [
      'a changed checkpoint',
      (all) => Object.assign(all.find(({ type }) => type === 'checkpoint')!, { sequence: 1 }),
      /InvalidSignature/,
    ],
  ])('finds %s', async (_, change, words) => {
    expect(await verdict(change)).toMatch(words)
  })
})
