/** What was taken back does not come back with a backup that is older: consents, and changes of the policy. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import {
  type ErasureLedger,
  openLedger,
  readLedger,
  replayErasures,
  withLedger,
} from '../../src/relay/keys/erasureLedger.ts'
import { StoreFixture } from '../support/storeFixture.ts'

const now = Date.UTC(2026, 10, 23)
const act = { actor: 'ann@relay.example', at: now + 1000, reason: 'because' }
const given = { account: 1, address: 'tom@kestrel.example', purpose: 'product news', source: 'by telephone' }

let root: string
let ledger: ErasureLedger
/** the folder in use, and one as an older backup would bring it back */
let live: StoreFixture
let restored: StoreFixture

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mailward-ledger-'))
  ledger = await openLedger(join(root, 'folder.erasures'), '0123456789abcdef', now)
  ;[live, restored] = await Promise.all([StoreFixture.open(now), StoreFixture.open(now)])
})
afterEach(async () => {
  await Promise.all([live.close(), restored.close()])
  rmSync(root, { recursive: true, force: true })
})

async function replay(): Promise<number> {
  const { erasures, problem } = (await readLedger(join(root, 'folder.erasures')))!
  expect(problem).toBeUndefined()
  return replayErasures(restored.store, erasures, now + DAY_MS)
}

test('a consent that was withdrawn', async () => {
  for (const { store } of [live, restored]) await store.consents.give(given, { ...act, at: now })
  const { consents } = withLedger(live.store, ledger)
  await consents.withdraw(1, 'one-click', act)
  // who clicks again and again does not fill the ledger
  await consents.withdraw(1, 'one-click', act)
  await consents.withdraw(99, 'mail', act)
  const again = await consents.give(given, act)
  await consents.withdraw(1, 'mail', act)
  expect((await readLedger(join(root, 'folder.erasures')))!.erasures).toMatchObject([
    { kind: 'ledger' },
    { kind: 'consent', consent: 1, by: 'one-click' },
    { kind: 'consent', consent: again!.id, by: 'mail' },
  ])
  // younger than what was withdrawn under its number
  await restored.store.consents.give({ ...given, address: 'una@kestrel.example' }, { ...act, at: now + 2000 })
  expect(await replay()).toBe(1)
  expect(await restored.store.consents.list({})).toMatchObject([
    { address: 'una@kestrel.example', withdrawn: undefined },
    { address: 'tom@kestrel.example', withdrawn: { by: 'one-click', at: now + 1000 } },
  ])
  expect(await replay()).toBe(0)
})

test('a change of the policy that was withdrawn, and the days of one that took effect', async () => {
  for (const { store } of [live, restored]) {
    await store.policy.begin({ text: 'We keep a lot.', owner: 'Acme Ltd' }, now)
    await store.policy.prepare({ text: 'We keep little.', owner: 'Acme Ltd', keepDays: 30 }, act)
    await store.policy.announce(2, now + 2 * DAY_MS, { ...act, at: now })
  }
  const { policy } = withLedger(live.store, ledger)
  await policy.withdraw(2, act)
  expect(await replay()).toBe(1)
  expect(await restored.store.policy.get(2)).toMatchObject({ state: 'withdrawn' })
  expect(await replay()).toBe(0)

  await policy.prepare({ text: 'We keep less.', owner: 'Acme Ltd', keepDays: 50 }, act)
  await policy.announce(3, now + 2 * DAY_MS, act)
  expect(await policy.takeEffect(3, now + 2 * DAY_MS)).toBe(true)
  await replay()
  expect(restored.store.directory.policy().keepDays).toBe(50)
  expect((await restored.store.policy.versions())[0]).toMatchObject({ state: 'in force', keepDays: 50 })

  // fewer days that were set directly stay, there as here
  await policy.prepare({ text: 'We keep as much.', owner: 'Acme Ltd', keepDays: 40 }, { ...act, at: now + 2 * DAY_MS })
  await policy.announce(4, now + 4 * DAY_MS, { ...act, at: now + 2 * DAY_MS })
  const entry = { ...act, at: now + 3 * DAY_MS, action: 'retention.setDays', object: 'retention', details: {} }
  await withLedger(live.store, ledger).retention.setDays(20, entry)
  expect(await policy.takeEffect(4, now + 4 * DAY_MS)).toBe(true)
  await replay()
  expect(restored.store.directory.policy().keepDays).toBe(20)
})
