/** Backups as the relay makes them: of files that are damaged, without space, and cut off in the middle. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { type Backups, createBackups } from '../../src/relay/backup/backups.ts'
import { readManifest } from '../../src/relay/backup/manifest.ts'
import { logKey, StoreFixture } from '../support/storeFixture.ts'

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  return { ...real, statfs: vi.fn(real.statfs) }
})

const time = Date.UTC(2026, 10, 23, 12)
let fixture: StoreFixture
let target: string
beforeEach(async () => {
  fixture = await StoreFixture.open(time)
  target = `${fixture.folder}-backup`
})
afterEach(async () => {
  await fixture.close()
  rmSync(target, { recursive: true, force: true })
})

function backups(keys = fixture.store.keys): Backups {
  const card = { id: '00112233445566ff' } as Parameters<typeof createBackups>[0]['card']
  return createBackups({ folder: fixture.folder, card, logKey, keys, clock: { now: () => time } })
}

test.each([
  ['damaged from its first page on', (path: string) => writeFileSync(path, readFileSync(path).fill(0xff))],
  ['damaged behind its first page', (path: string) => writeFileSync(path, readFileSync(path).fill(0xff, 8192))],
  ['lost', (path: string) => rmSync(path)],
])('a day whose file was %s is left out of a backup, and named wherever it is spoken of', async (_, harm) => {
  await fixture.deliver({ acceptedAt: time - 2 * DAY_MS })
  await fixture.deliver()
  await fixture.archived(2)
  await fixture.reopen(() => harm(join(fixture.folder, 'days', '2026-11-21.db')))
  const made = await backups().make(target, 'ann@relay.example')
  expect(made).toMatchObject({ days: 1, headers: 1, leftOut: ['2026-11-21'], present: true })
  expect(await backups().list()).toMatchObject([{ leftOut: ['2026-11-21'] }])
  const manifest = await readManifest(target)
  expect(manifest).toMatchObject({ leftOut: ['2026-11-21'] })
  expect(manifest!.files.map(({ path }) => path)).toEqual(['mailward.db', 'days/2026-11-23.db'])
  expect(existsSync(join(target, 'days', '2026-11-21.db'))).toBe(false)
  const { rows } = await fixture.store.audit.list({ action: 'custody.backup' } as never, 1, undefined)
  expect(JSON.stringify(rows[0])).toContain('2026-11-21')
})

test('a backup is on the list before it can be opened, so that none outlives its day unseen', async () => {
  const { keys } = fixture.store
  const killed = { ...keys, addBackup: () => Promise.reject(new Error('killed here')) }
  await expect(backups(killed).make(target, 'ann@relay.example')).rejects.toThrow('killed here')
  let manifest: unknown = 'not looked for'
  const looking: typeof keys = {
    ...keys,
    async addBackup(...call) {
      manifest = await readManifest(target)
      return keys.addBackup(...call)
    },
  }
  await backups(looking).make(target, 'ann@relay.example')
  expect(manifest).toBeUndefined()
  expect(await backups().list()).toMatchObject([{ present: true, leftOut: [] }])
})

test('a backup that is refused for lack of space leaves no folder that was not there', async () => {
  vi.mocked(statfs).mockResolvedValue({ bavail: 1, bsize: 1 } as never)
  const make = (folder: string) => backups().make(folder, 'ann@relay.example')
  await expect(make(join(target, 'of', 'today'))).rejects.toThrow(/no space for/)
  expect(existsSync(target)).toBe(false)
  mkdirSync(target)
  await expect(make(target)).rejects.toThrow(/no space for/)
  expect(existsSync(target)).toBe(true)
  vi.mocked(statfs).mockReset()
})
